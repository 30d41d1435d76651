using System.Collections.Immutable;
using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.KubeRuntime.Caches;

/// <summary>What an informer watches, and as what.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Decode">Projection to the view.</param>
public sealed record InformerDefinition<TView>(ApiResource Resource, ViewDecoder<TView> Decode)
    where TView : class, IView
{
    /// <summary>Namespaces to watch, each by a list and watch of its own; empty: all.</summary>
    public ImmutableArray<string> Namespaces { get; init; } = [];

    /// <summary>Label selector, applied by the server.</summary>
    public string? LabelSelector { get; init; }

    /// <summary>Field selector, applied by the server. Such a cache takes no note of this process' own writes: whether they are in its scope
    /// only the server can tell.</summary>
    public string? FieldSelector { get; init; }

    /// <summary>Ask for metadata only (<c>PartialObjectMetadata</c>).</summary>
    public bool MetadataOnly { get; init; }

    /// <summary>Whether nothing can be done without it. Else a missing right (403) or resource (404) switches it off: it counts as synced,
    /// says so in <see cref="Informer{TView}.Availability"/>, and is tried again slowly.</summary>
    public bool Required { get; init; } = true;

    /// <summary>Indexes of the store: name, and the values that a view is filed under.</summary>
    public ImmutableDictionary<string, Func<TView, IEnumerable<string>>> Indexes { get; init; } =
        ImmutableDictionary<string, Func<TView, IEnumerable<string>>>.Empty;

    /// <summary>Told of every object that can't be decoded. Must not block.</summary>
    public Action<Undecodable>? OnUndecodable { get; init; }

    /// <summary>Name in logs and metrics; the resource's by default. Tells two informers on one resource apart.</summary>
    public string Name { get; init; } = Resource.ToString();
}
