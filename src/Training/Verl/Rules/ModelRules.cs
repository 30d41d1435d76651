namespace GrpoOperator.Training.Verl.Rules;

/// <summary>How a model's shape must go into the parallel sizes; asked once the model was inspected.</summary>
internal static class ModelRules
{
    private const string Actor = "actor_rollout_ref.actor";
    private const string Transformer = $"{Actor}.megatron.override_transformer_config";

    // With one of these the layers are not simply shared out among the stages.
    private static readonly string[] OtherDivisions =
    [
        $"{Actor}.megatron.virtual_pipeline_model_parallel_size",
        $"{Transformer}.pipeline_model_parallel_layout",
        $"{Transformer}.account_for_embedding_in_pipeline_split",
        $"{Transformer}.account_for_loss_in_pipeline_split",
    ];

    /// <summary>Stages that say themselves how many layers they have.</summary>
    private static readonly string[] OwnStages = [$"{Transformer}.num_layers_in_first_pipeline_stage", $"{Transformer}.num_layers_in_last_pipeline_stage"];

    public static IEnumerable<Rule> All { get; } =
    [
        Rule.Verl(RuleNames.AttentionHeads, "Megatron, TransformerConfig; verl, models/transformers/monkey_patch.py; vLLM, config: verify_with_parallel_config", AttentionHeads),
        Rule.Verl(RuleNames.KeyValueHeads, "Megatron, attention; verl, models/transformers/monkey_patch.py", KeyValueHeads),
        Rule.Verl(RuleNames.ModelExperts, "Megatron, MoE layers", Experts),
        Rule.Verl(RuleNames.ModelLayers, "Megatron, TransformerConfig", Layers),
    ];

    private static IEnumerable<Breach> AttentionHeads(Composition job) =>
        Fact("the model's attention heads", job.Job.Facts.AttentionHeads) is not { } heads ? [] :
            from size in new[] { HeadParallel(job), job.RolloutTensor }
            where size is not null && !heads.DividesBy(size)
            select new Breach($"{heads} are not divisible by {size}; {size.NearestDivisors(heads)} would do");

    private static IEnumerable<Breach> KeyValueHeads(Composition job)
    {
        if (Fact("the model's key-value heads", job.Job.Facts.KeyValueHeads) is { } heads && HeadParallel(job) is { } size && !heads.DividesBy(size) && !size.DividesBy(heads))
            yield return new Breach($"neither are {heads} divisible by {size} nor it by them");
    }

    private static IEnumerable<Breach> Experts(Composition job)
    {
        if (job.IsMegatron && Fact("the model's experts", job.Job.Facts.Experts) is { } experts && job.Expert is { } size && !experts.DividesBy(size))
            yield return new Breach($"{experts} are not divisible by {size}; {size.NearestDivisors(experts)} would do");
    }

    private static IEnumerable<Breach> Layers(Composition job)
    {
        if (!job.IsMegatron || job.Job.Facts.Layers is not { } layers || job.Pipeline is not { Value: > 1 } pipeline || OtherDivisions.Any(job.Config.IsGiven))
            yield break;
        Operand[] own = [.. OwnStages.Select(job.Size).OfType<Operand>()];
        var (shared, stages) = (layers - own.Sum(size => size.Value), pipeline.Value - own.Length);
        if (stages > 0 && (shared < stages || shared % stages != 0))
        {
            var less = string.Concat(own.Select(size => $" − {size}"));
            yield return new Breach($"the model's layers {layers}{less}{(less.Length > 0 ? $" = {shared}" : "")} are not divisible by the {stages} stages that {pipeline} leaves for them");
        }
    }

    /// <summary>What attention heads of the actor are shared out among.</summary>
    private static Operand? HeadParallel(Composition job) => job.IsMegatron ? job.Tensor : job.IsFsdp ? job.Ulysses : null;

    private static Operand? Fact(string name, int? value) => value > 0 ? new Operand(() => name, value.Value) : null;
}
