using System.Collections.Frozen;

namespace GrpoOperator.Training;

/// <summary>A node, projected to what decisions read; heartbeats don't make it another one.</summary>
public sealed record ObservedNode
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Condition <c>Ready</c>: true, false, or null for <c>Unknown</c> (the kubelet is silent).</summary>
    public bool? Ready { get; init; }

    /// <summary>Since when <see cref="Ready"/> is what it is, UTC.</summary>
    public DateTime ReadySince { get; init; }

    /// <summary><c>spec.unschedulable</c>.</summary>
    public bool Unschedulable { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Extended resources that can be allocated, by name (those with a <c>/</c>).</summary>
    public IReadOnlyDictionary<string, long> Allocatable { get; init; } = FrozenDictionary<string, long>.Empty;
}
