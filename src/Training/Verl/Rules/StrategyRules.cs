using GrpoOperator.Crds;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>Fields that belong to one training engine, and overrides that say the opposite of a field.</summary>
internal static class StrategyRules
{
    public static IEnumerable<Rule> All { get; } =
    [
        Rule.Structural(RuleNames.StrategyForeignField, "this operator: a field that would be ignored is refused", Foreign),
        Rule.Structural(RuleNames.WeightsContradiction, "this operator: whether weights are converted follows model.weights", Weights),
    ];

    private static IEnumerable<Breach> Foreign(CheckedJob job)
    {
        var spec = job.Spec;
        var fields = spec.Strategy switch
        {
            Strategy.Megatron => OfFsdp(spec),
            Strategy.Custom => [.. OfMegatron(spec), .. OfFsdp(spec), .. OfBoth(spec)],
            _ => OfMegatron(spec),
        };
        var given = fields.Where(field => field.IsGiven).Select(field => field.Name).ToList();
        if (given.Count > 0)
            yield return new Breach($"{string.Join(", ", given)} means nothing with strategy {spec.Strategy}" + (spec.Strategy is Strategy.Custom ? "; say it in overrides" : ""));
    }

    private static (string Name, bool IsGiven)[] OfMegatron(GrpoTrainingJobSpec spec) =>
    [
        ("model.weights", spec.Model.Weights is not null),
        ("model.distCheckpointPath", spec.Model.DistCheckpointPath is not null),
        ("actor.transformerConfig", spec.Actor.TransformerConfig is not null),
        ("actor.offload.gradients", spec.Actor.Offload?.Gradients is not null),
        .. MegatronSizes("actor.parallelism", spec.Actor.Parallelism),
        .. MegatronSizes("reference.parallelism", spec.Reference?.Parallelism),
    ];

    private static (string Name, bool IsGiven)[] MegatronSizes(string field, ModelParallelism? sizes) =>
    [
        ($"{field}.tensor", sizes?.Tensor is not null),
        ($"{field}.pipeline", sizes?.Pipeline is not null),
        ($"{field}.context", sizes?.Context is not null),
        ($"{field}.expert", sizes?.Expert is not null),
        ($"{field}.expertTensor", sizes?.ExpertTensor is not null),
    ];

    private static (string Name, bool IsGiven)[] OfFsdp(GrpoTrainingJobSpec spec) =>
    [
        ("actor.parallelism.ulysses", spec.Actor.Parallelism?.Ulysses is not null),
        ("reference.parallelism.ulysses", spec.Reference?.Parallelism?.Ulysses is not null),
    ];

    private static (string Name, bool IsGiven)[] OfBoth(GrpoTrainingJobSpec spec) =>
    [
        ("actor.offload.parameters", spec.Actor.Offload?.Parameters is not null),
        ("actor.offload.optimizer", spec.Actor.Offload?.Optimizer is not null),
        ("reference.offloadParameters", spec.Reference?.OffloadParameters is not null),
    ];

    // verl ≥ 0.8 demands use_mbridge=True beside distributed checkpoints too, so only the switches that decide are compared.
    private static IEnumerable<Breach> Weights(CheckedJob job)
    {
        if (job.Spec.Strategy is not Strategy.Megatron)
            yield break;
        var mbridge = job.Spec.Model.Weights is WeightsMode.MBridge;
        foreach (var assignment in job.Assignments.SelectMany(AssignedKeys.Of))
        {
            var (key, value) = (assignment.Key, assignment.Value as Hydra.HydraValue.Bool);
            if (key.EndsWith(".megatron.use_dist_checkpointing", StringComparison.Ordinal) && value?.Value == mbridge)
                yield return new Breach($"the override {key}={value.Value} contradicts model.weights {(mbridge ? "MBridge" : "DistCheckpoint")}; set model.weights: {(mbridge ? "DistCheckpoint" : "MBridge")} instead");
            if (mbridge && key.EndsWith(".actor.megatron.use_mbridge", StringComparison.Ordinal) && value is { Value: false })
                yield return new Breach($"the override {key}=False contradicts model.weights MBridge; set model.weights: DistCheckpoint instead");
        }
    }
}
