using GrpoOperator.Training.Verl.Hydra;
using GrpoOperator.Training.Verl.Keys;

namespace GrpoOperator.Training.Verl;

/// <summary>
/// Entries of Megatron's <c>override_transformer_config</c>. verl knows a few of them, and not the same in every release:
/// a known one must be set plainly, an unknown one appended.
/// </summary>
internal static class TransformerConfig
{
    /// <summary>verl's key of the whole dict.</summary>
    public const string Key = "actor_rollout_ref.actor.megatron.override_transformer_config";

    /// <summary>The row of the mapping.</summary>
    public static ArgumentRow Row { get; } = new("actor.transformerConfig", $"{Key}.*", Write) { Read = ArgumentValues.Plain };

    private static IEnumerable<Argument> Write(ArgumentContext job)
    {
        if (!job.IsMegatron || job.Spec.Actor.TransformerConfig is not { } entries)
            yield break;
        foreach (var (name, json) in entries)
        {
            if (HydraJson.Write(json) is { } value)
                yield return new Argument($"{Key}.{name}", value, Sign($"{Key}.{name}", job.Version));
        }
    }

    private static string Sign(string key, VerlVersion? version)
    {
        var known = VerlRelease.Candidates(version)
            .Select(release => VerlKeys.Table(release, ConfigRoot.Megatron).Find(key) is { IsOpen: false })
            .Distinct()
            .ToList();
        return known.Count > 1 ? "++" : known[0] ? "" : "+";
    }
}
