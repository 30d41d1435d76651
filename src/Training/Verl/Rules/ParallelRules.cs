namespace GrpoOperator.Training.Verl.Rules;

/// <summary>How parallel sizes must fill the NPUs.</summary>
internal static class ParallelRules
{
    private const string Rollout = "actor_rollout_ref.rollout";

    public static IEnumerable<Rule> All { get; } =
    [
        Rule.Verl(RuleNames.ModelParallelSize, "Megatron, parallel_state; verl, utils/config.py validate_config", ModelParallelSize),
        Rule.Verl(RuleNames.ExpertParallelSize, "Megatron, parallel_state", ExpertParallelSize),
        Rule.Verl(RuleNames.RolloutParallelSize, "verl, workers: rollout world_size", RolloutParallelSize) with { OnlyOfMainModule = true },
        Rule.Verl(RuleNames.RolloutReplicaNodes, "verl, workers/rollout/replica.py", RolloutReplicaNodes) with { OnlyOfMainModule = true },
        Rule.Verl(RuleNames.RolloutExpertParallel, "verl, RolloutConfig; vllm_async_server.py", RolloutExpertParallel),
        Rule.Verl(RuleNames.RolloutPipeline, "verl, RolloutConfig: not implemented", RolloutPipeline),
    ];

    private static IEnumerable<Breach> ModelParallelSize(Composition job)
    {
        if (job.World is { } world && job.ModelParallel is { } copy && !world.DividesBy(copy))
            yield return new Breach($"{world} is not divisible by {copy}; {copy.NearestDivisors(world)} NPUs per copy would do");
    }

    private static IEnumerable<Breach> ExpertParallelSize(Composition job)
    {
        if (job.IsMegatron && job.World is { } world && job.ExpertCopy is { } copy && !world.DividesBy(copy))
            yield return new Breach($"{world} is not divisible by {copy}; {copy.NearestDivisors(world)} NPUs per copy would do");
    }

    private static IEnumerable<Breach> RolloutParallelSize(Composition job)
    {
        if (job.RolloutWorld is { } world && job.Replica is { } replica && !world.DividesBy(replica))
            yield return new Breach($"{world} is not divisible by {replica}; {replica.NearestDivisors(world)} NPUs per replica would do");
    }

    private static IEnumerable<Breach> RolloutReplicaNodes(Composition job)
    {
        if (job.Replica is { } replica && job.RolloutNpusPerNode is { } npus && replica.Value > npus.Value && !replica.DividesBy(npus))
            yield return new Breach($"{replica} is more than {npus} and not divisible by it; {replica.NearestMultiples(npus)} would be");
    }

    private static IEnumerable<Breach> RolloutExpertParallel(Composition job)
    {
        if (job.Size($"{Rollout}.expert_parallel_size") is not { Value: > 1 } expert || job.Size($"{Rollout}.tensor_model_parallel_size") is not { } tensor)
            yield break;
        if (Operand.Product("NPUs", tensor, job.Size($"{Rollout}.data_parallel_size")) is not { } replica)
            yield break;
        if (expert.Value != replica.Value)
            yield return new Breach($"{expert} is neither 1 nor {replica}");
        if (job.RolloutNpusPerNode is { } npus && Math.Min(npus.Value, replica.Value) % tensor.Value != 0)
            yield return new Breach($"the lesser of {npus} and {replica} is not divisible by {tensor}");
    }

    private static IEnumerable<Breach> RolloutPipeline(Composition job)
    {
        if (job.Config.Text($"{Rollout}.name") is "vllm" && job.Size($"{Rollout}.pipeline_model_parallel_size") is { Value: > 1 } pipeline)
            yield return new Breach($"{pipeline}: verl has no pipeline for vllm; only 1 will do");
    }
}
