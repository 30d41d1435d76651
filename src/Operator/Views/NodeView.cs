using System.Globalization;
using System.Text.Json;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.Views;

/// <summary>A node as the cache holds it. Kubelets write to their node every few minutes: only what decisions read makes it another one.</summary>
internal sealed record NodeView : IView
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
    public required ObservedNode Observed { get; init; }

    /// <summary>Decodes a node.</summary>
    public static NodeView? Decode(ReadOnlySpan<byte> json)
    {
        var wire = JsonSerializer.Deserialize(json, WireJsonContext.Default.WireNode) ?? throw new JsonException("The object is null.");
        var node = Project(wire);
        return new NodeView
        {
            NamespacedName = new NamespacedName(string.Empty, node.Name),
            Uid = wire.Metadata.Uid ?? string.Empty,
            ResourceVersion = wire.Metadata.ResourceVersion ?? string.Empty,
            Hash = HashOf(node),
            Observed = node,
        };
    }

    private static ObservedNode Project(WireNode wire)
    {
        var ready = wire.Status?.Conditions?.FirstOrDefault(condition => condition.Type == "Ready");
        return new ObservedNode
        {
            Name = wire.Metadata.Name ?? string.Empty,
            Ready = ready?.Status switch { "True" => true, "False" => false, _ => null },
            ReadySince = ready?.LastTransitionTime ?? default,
            Unschedulable = wire.Spec?.Unschedulable == true,
            Labels = wire.Metadata.Labels ?? [],
            Allocatable = (wire.Status?.Allocatable ?? [])
                .Where(pair => pair.Key.Contains('/', StringComparison.Ordinal) && long.TryParse(pair.Value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                .ToDictionary(pair => pair.Key, pair => long.Parse(pair.Value, CultureInfo.InvariantCulture), StringComparer.Ordinal),
        };
    }

    private static ulong HashOf(ObservedNode node)
    {
        var hash = new ViewHash().Add(node.Name).Add(node.Ready?.ToString()).Add(node.ReadySince.Ticks).Add(node.Unschedulable ? 1 : 0);
        foreach (var (key, value) in node.Labels.OrderBy(label => label.Key, StringComparer.Ordinal)) hash.Add(key).Add(value);
        foreach (var (key, value) in node.Allocatable.OrderBy(resource => resource.Key, StringComparer.Ordinal)) hash.Add(key).Add(value);
        return hash.Value;
    }
}
