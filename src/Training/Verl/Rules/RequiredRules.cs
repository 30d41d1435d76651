using System.Text.RegularExpressions;
using GrpoOperator.Crds;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>Names, and fields that a job needs or can't have beside each other.</summary>
internal static partial class RequiredRules
{
    private const string Actor = "actor_rollout_ref.actor";

    public static IEnumerable<Rule> All { get; } =
    [
        Rule.Structural(RuleNames.JobName, "Kubernetes: pod, service and revision names derive from it", Names),
        Rule.Structural(RuleNames.VerlVersionForm, "Python's version numbers", Versions),
        Rule.Structural(RuleNames.DistCheckpointPathRequired, "verl, Megatron workers: use_dist_checkpointing needs a path", DistCheckpointPath),
        Rule.Structural(RuleNames.TrainBatchSizePositive, "verl, main_ppo: a step has prompts", TrainBatchSize),
        Rule.Structural(RuleNames.MicroBatchSizeRequired, "verl, ActorConfig: set micro_batch_size unless batches are dynamic", MicroBatchSize),
        Rule.Structural(RuleNames.LengthRequired, "this operator: a job has an end", Length),
        Rule.Structural(RuleNames.CheckpointDirRequired, "this operator: verl's default is a path inside one pod", CheckpointDir),
        Rule.Structural(RuleNames.CustomAccelerator, "this operator: nothing is preset", CustomAccelerator),
        Rule.Structural(RuleNames.TrainerShape, "this operator: the pods have no more", TrainerShape),
        Rule.Structural(RuleNames.BackoffOrder, "this operator", Backoff),
        Rule.Structural(RuleNames.FailureRulePattern, ".NET's regular expressions without backtracking", FailurePatterns),
    ];

    private static IEnumerable<Breach> Names(CheckedJob job)
    {
        if (job.Name.Length > 40 || !JobName().IsMatch(job.Name))
            yield return new Breach($"metadata.name '{job.Name}' has {job.Name.Length} characters; it has at most 40 of a-z, 0-9 and -, begins with a letter and ends with a letter or digit");
    }

    private static IEnumerable<Breach> Versions(CheckedJob job)
    {
        if (job.Spec.VerlVersion is { } text && job.Version is null)
            yield return new Breach($"verlVersion '{text}' is not a version such as 0.7.1");
    }

    private static IEnumerable<Breach> DistCheckpointPath(CheckedJob job)
    {
        var (spec, model) = (job.Spec, job.Spec.Model);
        if (spec.Strategy is Strategy.Megatron && model.Weights is not WeightsMode.MBridge && model.DistCheckpointPath is null)
            yield return new Breach("model.distCheckpointPath is required with strategy Megatron unless model.weights is MBridge");
    }

    private static IEnumerable<Breach> TrainBatchSize(CheckedJob job)
    {
        if (job.RunsMainModule && job.Spec.Data.TrainBatchSize <= 0)
            yield return new Breach($"data.trainBatchSize is {job.Spec.Data.TrainBatchSize}; it may be 0 only with another launch.module or with launch.command");
    }

    private static IEnumerable<Breach> MicroBatchSize(CheckedJob job)
    {
        var actor = job.Spec.Actor;
        if (job.RunsMainModule && actor.PpoMicroBatchSizePerNpu is null && actor.UseDynamicBatchSize is not true
            && !Overrides(job, $"{Actor}.ppo_micro_batch_size", $"{Actor}.ppo_micro_batch_size_per_gpu", $"{Actor}.use_dynamic_bsz"))
        {
            yield return new Breach("actor.ppoMicroBatchSizePerNpu is required unless actor.useDynamicBatchSize is true");
        }
    }

    private static IEnumerable<Breach> Length(CheckedJob job)
    {
        var trainer = job.Spec.Trainer;
        if (job.RunsMainModule && trainer.TotalEpochs is null && trainer.TotalSteps is null
            && !Overrides(job, "trainer.total_epochs", "trainer.total_training_steps"))
        {
            yield return new Breach("trainer.totalEpochs or trainer.totalSteps is required");
        }
    }

    private static bool Overrides(CheckedJob job, params string[] keys) =>
        job.Assignments.Any(assignment => keys.Contains(assignment.Key, StringComparer.Ordinal));

    private static IEnumerable<Breach> CheckpointDir(CheckedJob job)
    {
        if (job.Spec.Trainer is { SaveFrequency: > 0, CheckpointDir: null })
            yield return new Breach($"trainer.checkpointDir is required when trainer.saveFrequency ({job.Spec.Trainer.SaveFrequency}) is positive");
    }

    private static IEnumerable<Breach> CustomAccelerator(CheckedJob job)
    {
        if (job.Spec.Workers is { Accelerator: Accelerator.Custom, ResourceName: null } or { Accelerator: Accelerator.Custom, NpusPerNode: null })
            yield return new Breach("workers.resourceName and workers.npusPerNode are required with accelerator custom");
    }

    private static IEnumerable<Breach> TrainerShape(CheckedJob job)
    {
        var shape = job.Shape;
        if (shape.TrainerNodes > shape.Nodes)
            yield return new Breach($"trainer.nodes {shape.TrainerNodes} is more than workers.nodes {shape.Nodes}");
        if (shape.TrainerNpusPerNode > shape.NpusPerNode)
            yield return new Breach($"trainer.npusPerNode {shape.TrainerNpusPerNode} is more than the {shape.NpusPerNode} NPUs of a pod");
    }

    private static IEnumerable<Breach> Backoff(CheckedJob job)
    {
        var backoff = job.Spec.FailurePolicy.Backoff;
        if (backoff.MaxSeconds < backoff.InitialSeconds)
            yield return new Breach($"failurePolicy.backoff.maxSeconds {backoff.MaxSeconds} is below initialSeconds {backoff.InitialSeconds}");
    }

    private static IEnumerable<Breach> FailurePatterns(CheckedJob job)
    {
        foreach (var rule in job.Spec.FailurePolicy.Rules ?? [])
        {
            if (rule.MessagePattern is { } pattern && FailurePattern.Compile(pattern) is null)
                yield return new Breach($"failurePolicy.rules '{rule.Name}' has the pattern '{pattern}', which can't be matched without backtracking");
        }
    }

    // No time limit: it would be one by the wall clock, which a paused process exceeds with any pattern.
    [GeneratedRegex(@"\A[a-z]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex JobName();
}
