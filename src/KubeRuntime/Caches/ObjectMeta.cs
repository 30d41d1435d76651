using System.Collections.Immutable;
using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.KubeRuntime.Caches;

/// <summary>The owner that controls an object.</summary>
public sealed record ControllerOwner(string ApiVersion, string Kind, string Name, string Uid);

/// <summary>The part of an object's <c>metadata</c> that views are made of. Managed fields and last-applied are never kept.</summary>
public sealed record ObjectMeta
{
    /// <summary>Key.</summary>
    public NamespacedName NamespacedName { get; init; }

    /// <summary>Identity.</summary>
    public string Uid { get; init; } = "";

    /// <summary>Version of the object.</summary>
    public string ResourceVersion { get; init; } = "";

    /// <summary>Version of the spec; 0 where the resource keeps none.</summary>
    public long Generation { get; init; }

    /// <summary>When the object was made.</summary>
    public DateTimeOffset? CreationTimestamp { get; init; }

    /// <summary>Set once the object is being deleted.</summary>
    public DateTimeOffset? DeletionTimestamp { get; init; }

    /// <summary>Seconds granted to a deletion.</summary>
    public long? DeletionGracePeriodSeconds { get; init; }

    /// <summary>Labels, sorted by key.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Annotations but <c>kubectl.kubernetes.io/last-applied-configuration</c>, sorted by key.</summary>
    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Finalizers in their order.</summary>
    public ImmutableArray<string> Finalizers { get; init; } = [];

    /// <summary>The owner reference with <c>controller: true</c>.</summary>
    public ControllerOwner? Controller { get; init; }

    /// <summary>Adds everything but the resourceVersion.</summary>
    public ViewHash AddTo(ViewHash hash)
    {
        ArgumentNullException.ThrowIfNull(hash);
        hash.Add(NamespacedName.Namespace).Add(NamespacedName.Name).Add(Uid).Add(Generation)
            .Add(CreationTimestamp).Add(DeletionTimestamp).Add(DeletionGracePeriodSeconds ?? -1)
            .Add(Labels).Add(Annotations).Add(Controller?.Uid);
        foreach (var finalizer in Finalizers)
            hash.Add(finalizer);
        return hash;
    }
}
