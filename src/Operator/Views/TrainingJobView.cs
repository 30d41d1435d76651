using System.Text.Json;
using GrpoOperator.Crds;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.Views;

/// <summary>A GrpoTrainingJob as the cache holds it.</summary>
internal sealed record TrainingJobView : IView
{
    /// <inheritdoc/>
    public required NamespacedName NamespacedName { get; init; }

    /// <inheritdoc/>
    public required string Uid { get; init; }

    /// <inheritdoc/>
    public required string ResourceVersion { get; init; }

    /// <inheritdoc/>
    public required ulong Hash { get; init; }

    /// <summary>What decisions read.</summary>
    public required ObservedTrainingJob Job { get; init; }

    /// <summary>
    /// Decodes a job. A spec that can't be decoded stays visible as such, so that its status can say so; a status that
    /// can't be decoded is an error, since nothing may be decided without it.
    /// </summary>
    public static TrainingJobView? Decode(ReadOnlySpan<byte> json)
    {
        var wire = JsonSerializer.Deserialize(json, WireJsonContext.Default.WireJobObject) ?? throw new JsonException("The object is null.");
        var meta = wire.Metadata;
        var (spec, error) = DecodeSpec(wire.Spec);
        return new TrainingJobView
        {
            NamespacedName = new NamespacedName(meta.Namespace ?? string.Empty, meta.Name ?? string.Empty),
            Uid = meta.Uid ?? string.Empty,
            ResourceVersion = meta.ResourceVersion ?? string.Empty,
            Hash = ChildView.HashOf(wire with { Metadata = meta with { Annotations = Relevant(meta.Annotations) } }, WireJsonContext.Default.WireJobObject, meta),
            Job = new ObservedTrainingJob
            {
                Namespace = meta.Namespace ?? string.Empty,
                Name = meta.Name ?? string.Empty,
                Uid = meta.Uid ?? string.Empty,
                Generation = meta.Generation,
                CreationTime = meta.CreationTimestamp ?? default,
                Deleting = meta.DeletionTimestamp is not null,
                Labels = meta.Labels ?? [],
                Annotations = Relevant(meta.Annotations) ?? [],
                Spec = spec,
                DecodeError = error,
                Status = wire.Status is { } status ? status.Deserialize(CrdJsonContext.Default.GrpoTrainingJobStatus) ?? new() : new(),
            },
        };
    }

    private static (GrpoTrainingJobSpec? Spec, string? Error) DecodeSpec(JsonElement? spec)
    {
        if (spec is not { } element) return (null, "spec is missing");
        try
        {
            return (element.Deserialize(CrdJsonContext.Default.GrpoTrainingJobSpec), null);
        }
        catch (JsonException exception)
        {
            return (null, $"spec{exception.Path?.TrimStart('$')}: {exception.Message}");
        }
    }

    /// <summary>Of the annotations only ours, null for none; last-applied alone is larger than all the rest.</summary>
    private static Dictionary<string, string>? Relevant(Dictionary<string, string>? annotations)
    {
        var ours = annotations?.Where(pair => pair.Key.StartsWith("grpo-operator.dev/", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
        return ours is { Count: > 0 } ? ours : null;
    }
}
