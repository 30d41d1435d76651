using GrpoOperator.Crds;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Verl.Figures;

/// <summary>
/// What verl makes of a job's sizes: how the NPUs are shared out, how many sequences come to each rank, how long the job is.
/// Taken from the same composed configuration that the rules judge.
/// </summary>
public static class JobFigures
{
    /// <summary>Every figure that the job has, in a fixed order.</summary>
    /// <param name="spec">The job's spec; no structural rule is broken.</param>
    /// <param name="namespace">Its namespace.</param>
    /// <param name="jobName">Its name.</param>
    /// <param name="facts">What is known beside the spec.</param>
    public static IReadOnlyList<Figure> Of(GrpoTrainingJobSpec spec, string @namespace, string jobName, InspectedFacts facts)
    {
        var job = new CheckedJob(spec, @namespace, jobName, new ClusterFacts());
        if (!job.RunsVerl)
            return [new Figure("Npus", $"{job.Shape.Nodes} × {job.Shape.NpusPerNode} = {job.Shape.TotalNpus}; launch.command takes the place of verl's, so nothing else follows from the spec")];

        // Without a version the newest release's defaults are taken where the spec says nothing.
        var composed = job.Compositions[^1];
        return
        [
            .. job.Version is null ? [new Figure("VerlVersion", $"not given; defaults are those of {composed.Release.Version}")] : Array.Empty<Figure>(),
            .. OfActor(composed),
            .. OfBatches(composed),
            .. OfRollout(composed),
            .. OfLength(composed, facts),
            .. MemoryFigures.Of(composed, job.Shape.Preset, facts),
        ];
    }

    private static IEnumerable<Figure> OfActor(Composition job)
    {
        yield return new Figure("Npus", Known(job.World));
        yield return new Figure("ModelParallelSize", Known(job.ModelParallel));
        yield return new Figure("DataParallelSize", Quotient(job.World, job.ModelParallel));
        if (job is { IsMegatron: true, Expert.Value: > 1, ExpertCopy: { } copy })
            yield return new Figure("ExpertDataParallelSize", Quotient(job.World, copy));
    }

    private static IEnumerable<Figure> OfBatches(Composition job)
    {
        yield return new Figure("SequencesPerStep", Known(job.Sequences));
        yield return new Figure("SequencesPerRank", Quotient(job.Sequences, job.DataParallel));
        yield return new Figure("UpdatesPerStep", Quotient(job.TrainBatch, job.MiniBatch));
        var share = Operand.Quotient("sequences of a mini batch per rank", job.MiniBatchSequences, job.DataParallel);
        yield return new Figure("MicroBatchesPerUpdate", job.HasDynamicBatches
            ? $"packed by tokens: {Known(share)} sequences of a mini batch per rank, in batches of at most {Tokens(job)} tokens"
            : Quotient(share, job.MicroBatch));
    }

    private static IEnumerable<Figure> OfRollout(Composition job)
    {
        yield return new Figure("RolloutReplicas", Quotient(job.RolloutWorld, job.Replica));
        yield return new Figure("SequencesPerReplica", Quotient(job.Sequences, Operand.Quotient("rollout replicas", job.RolloutWorld, job.Replica)));
    }

    private static IEnumerable<Figure> OfLength(Composition job, InspectedFacts facts)
    {
        var most = job.Config.IsTrue("data.filter_overlong_prompts") ? "at most " : "";
        var steps = facts.TrainRows / job.TrainBatch?.Value;
        yield return new Figure("StepsPerEpoch", (steps, job.TrainBatch) switch
        {
            ({ } whole, { } batch) => $"{most}{whole}: {facts.TrainRows} rows ÷ {batch}, rounded down",
            (_, { } batch) => $"{most}rows of data.trainFiles ÷ {batch}, rounded down; the rows are counted by the inspection, or given by --train-rows",
            _ => "not known",
        });
        yield return new Figure("Steps", (job.Size("trainer.total_training_steps"), job.Size("trainer.total_epochs"), steps) switch
        {
            ({ } given, _, _) => $"{given}",
            (_, { } epochs, { } each) => $"{most}{(Int128)epochs.Value * each}: {epochs} × {each}",
            (_, { } epochs, _) => $"{epochs} × the steps of an epoch",
            _ => "not known",
        });
    }

    private static string Tokens(Composition job) =>
        Known(Operand.Product("tokens", job.Size("actor_rollout_ref.actor.ppo_max_token_len_per_gpu"), job.IsMegatron ? job.Context : job.Ulysses));

    internal static string Known(Operand? operand) => operand?.Arithmetic ?? "not known";

    private static string Quotient(Operand? dividend, Operand? divisor)
    {
        if (dividend is null || divisor is null)
            return "not known";
        var (whole, rest) = Math.DivRem(dividend.Value, divisor.Value);
        return $"{dividend.Name} {dividend.Value} ÷ {divisor.Name} {divisor.Value} = {whole}{(rest == 0 ? "" : $", {rest} over")}";
    }
}
