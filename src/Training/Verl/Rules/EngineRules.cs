using System.Collections.Frozen;
using GrpoOperator.Crds;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>Settings that verl, vLLM or Megatron check one by one.</summary>
internal static class EngineRules
{
    private const string Actor = "actor_rollout_ref.actor";
    private const string Rollout = "actor_rollout_ref.rollout";
    private const string Transformer = TransformerConfig.Key;

    private static readonly FrozenSet<string> Aggregations =
        FrozenSet.Create(StringComparer.Ordinal, "token-mean", "seq-mean-token-sum", "seq-mean-token-mean", "seq-mean-token-sum-norm");

    public static IEnumerable<Rule> All { get; } =
    [
        Rule.Verl(RuleNames.LossAggregation, "verl, ActorConfig: 'Invalid loss_agg_mode'", LossAggregation),
        Rule.Verl(RuleNames.ValidationTemperature, "verl, utils/config.py validate_config", ValidationTemperature),
        Rule.Verl(RuleNames.LoraRank, "verl, utils/config.py validate_config; vLLM's largest rank", LoraRank),
        Rule.Verl(RuleNames.VirtualPipeline, "Megatron, parallel_state; MindSpeed: not with mbridge", VirtualPipeline),
        Rule.Verl(RuleNames.Recomputation, "Megatron, TransformerConfig", Recomputation),
    ];

    // Releases from 0.8 on know one more, and later ones may know others.
    private static IEnumerable<Breach> LossAggregation(Composition job)
    {
        var key = $"{Actor}.loss_agg_mode";
        if (job.Config.Text(key) is { } mode && !Aggregations.Contains(mode) && !(mode is "token-sum" && job.Release.Version.IsAtLeast(0, 8)))
            yield return new Breach($"{job.NameOf(key)} '{mode}' is none of {string.Join(", ", Aggregations.Order(StringComparer.Ordinal))}");
    }

    private static IEnumerable<Breach> ValidationTemperature(Composition job)
    {
        if (job.Config.IsTrue($"{Rollout}.val_kwargs.do_sample") && job.Config.Number($"{Rollout}.temperature") is <= 0)
            yield return new Breach($"{job.NameOf($"{Rollout}.temperature")} is not above 0 although {Rollout}.val_kwargs.do_sample is true");
    }

    private static IEnumerable<Breach> LoraRank(Composition job)
    {
        if (job.Config.Text($"{Rollout}.name") is "vllm" && job.Size("actor_rollout_ref.model.lora_rank") is { Value: > 512 } rank)
            yield return new Breach($"{rank} is above 512, the largest that vllm serves");
    }

    private static IEnumerable<Breach> VirtualPipeline(Composition job)
    {
        if (!job.IsMegatron || job.Size($"{Actor}.megatron.virtual_pipeline_model_parallel_size") is not { } stages)
            yield break;
        if (job.Pipeline is { Value: 1 } pipeline)
            yield return new Breach($"{stages} needs a pipeline, and {pipeline}");
        if (job.Job.Spec.Model.Weights is WeightsMode.MBridge)
            yield return new Breach($"{stages} does not go with model.weights MBridge", FindingSeverity.Warning);
    }

    private static IEnumerable<Breach> Recomputation(Composition job)
    {
        if (!job.IsMegatron)
            yield break;
        var full = job.Config.Text($"{Transformer}.recompute_granularity") is "full";
        foreach (var name in new[] { "recompute_method", "recompute_num_layers" })
        {
            if (job.Config.IsGiven($"{Transformer}.{name}") != full)
            {
                yield return new Breach(full
                    ? $"{name} of actor.transformerConfig is required with recompute_granularity full"
                    : $"{name} of actor.transformerConfig needs recompute_granularity full");
            }
        }
    }
}
