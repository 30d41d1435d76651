using GrpoOperator.Crds;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>How prompts, sequences and batches must divide. Lower-case letters in the sources: n samples, mini and micro batches.</summary>
internal static class BatchRules
{
    public static IEnumerable<Rule> All { get; } =
    [
        OfTrainer(RuleNames.RealTrainBatchSize, "verl, utils/config.py validate_config: real_train_batch_size", RealTrainBatchSize),
        OfTrainer(RuleNames.TrainBatchBelowMiniBatch, "verl, ActorConfig.validate", TrainBatchBelowMiniBatch),
        OfTrainer(RuleNames.MiniBatchDivides, "verl, DataProto.make_iterator", MiniBatchDivides),
        OfTrainer(RuleNames.MiniBatchShards, "verl, workers: normalised ppo_mini_batch_size", MiniBatchShards),
        OfTrainer(RuleNames.MicroBatchDivides, "verl, workers: normalised ppo_mini_batch_size", MicroBatchDivides),
        OfTrainer(RuleNames.MicroBatchWithinMiniBatch, "the published two-node example; stricter than verl", MicroBatchWithinMiniBatch),
        OfTrainer(RuleNames.AgentWorkers, "verl ≥ 0.7, DataProto.chunk over the agent loop's workers", AgentWorkers),
        OfTrainer(RuleNames.SequenceShards, "verl, DataProto.chunk over the actor's copies", SequenceShards),
        Rule.Verl(RuleNames.SingleSampleGroup, "verl, core_algos: advantages are relative to the group", SingleSampleGroup),
    ];

    private static Rule OfTrainer(string name, string source, Func<Composition, IEnumerable<Breach>> check) =>
        Rule.Verl(name, source, check) with { OnlyOfMainModule = true };

    private static IEnumerable<Breach> RealTrainBatchSize(Composition job)
    {
        if (job.HasDynamicBatches || job.Sequences is not { } sequences)
            yield break;
        var least = job.IsFsdp ? job.World : Operand.Product("the least batch", job.DataParallel, job.MicroBatch);
        if (least is not null && !sequences.DividesBy(least))
            yield return new Breach($"{sequences} is not divisible by {least}; {sequences.NearestMultiples(least)} would be");
    }

    private static IEnumerable<Breach> TrainBatchBelowMiniBatch(Composition job)
    {
        if (!job.HasDynamicBatches && job is { TrainBatch: { } batch, MiniBatch: { } mini } && batch.Value < mini.Value)
            yield return new Breach($"{batch} is below {mini}");
    }

    private static IEnumerable<Breach> MiniBatchDivides(Composition job)
    {
        if (job is { TrainBatch: { } batch, MiniBatch: { } mini } && !batch.DividesBy(mini))
            yield return new Breach($"{batch} is not divisible by {mini}; {batch.NearestMultiples(mini)} would be, or {mini.Name} {mini.NearestDivisors(batch)}");
    }

    private static IEnumerable<Breach> MiniBatchShards(Composition job)
    {
        if (job.MiniBatchSequences is { } sequences && job.DataParallel is { } copies && !sequences.DividesBy(copies))
            yield return new Breach($"{sequences} is not divisible by {copies}; {sequences.NearestMultiples(copies)} would be", OfWorkers(job));
    }

    private static IEnumerable<Breach> MicroBatchDivides(Composition job)
    {
        if (!job.HasDynamicBatches
            && Operand.Quotient("sequences of a mini batch per copy", job.MiniBatchSequences, job.DataParallel) is { } share
            && job.MicroBatch is { } micro
            && !share.DividesBy(micro))
        {
            yield return new Breach($"{share} is not divisible by {micro}; {micro.NearestDivisors(share)} would do", OfWorkers(job));
        }
    }

    private static IEnumerable<Breach> MicroBatchWithinMiniBatch(Composition job)
    {
        if (!job.HasDynamicBatches && (job.IsMegatron || job.IsFsdp)
            && job is { MiniBatch: { } mini, MicroBatch: { } micro } && !mini.DividesBy(micro))
        {
            yield return new Breach(
                $"{mini} is not divisible by {micro}; {micro.NearestDivisors(mini)} would do",
                job.IsMegatron ? FindingSeverity.Error : FindingSeverity.Warning);
        }
    }

    private static IEnumerable<Breach> AgentWorkers(Composition job)
    {
        if (job.Release.Version.IsAtLeast(0, 7)
            && job.Sequences is { } sequences
            && job.Size("actor_rollout_ref.rollout.agent.num_workers") is { } workers
            && !sequences.DividesBy(workers))
        {
            yield return new Breach($"{sequences} is not divisible by {workers}; {sequences.NearestMultiples(workers)} would be");
        }
    }

    private static IEnumerable<Breach> SequenceShards(Composition job)
    {
        if (job.Sequences is { } sequences && job.DataParallel is { } copies && !sequences.DividesBy(copies))
            yield return new Breach($"{sequences} is not divisible by {copies}; {sequences.NearestMultiples(copies)} would be");
    }

    private static IEnumerable<Breach> SingleSampleGroup(Composition job)
    {
        if (job.Samples is { Value: 1 } samples)
            yield return new Breach($"{samples}: a group of one has no other sample to be better than", FindingSeverity.Warning);
    }

    // Megatron's workers up to 0.7.1 only floor-divide, and lose the rest.
    private static FindingSeverity OfWorkers(Composition job) =>
        job.IsMegatron && !job.Release.Version.IsAtLeast(0, 8) ? FindingSeverity.Warning : FindingSeverity.Error;
}
