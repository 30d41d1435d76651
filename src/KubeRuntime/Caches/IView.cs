using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.KubeRuntime.Caches;

/// <summary>A small immutable picture of an object: the part of it that decisions read, and nothing else.</summary>
/// <remarks>Caches hold views instead of objects: a pod weighs 24 kB as a typed object, 2 kB as a view.</remarks>
public interface IView
{
    /// <summary>Key of the object.</summary>
    NamespacedName NamespacedName { get; }

    /// <summary><c>metadata.uid</c>: the object's identity.</summary>
    string Uid { get; }

    /// <summary><c>metadata.resourceVersion</c>. Not part of <see cref="Hash"/>.</summary>
    string ResourceVersion { get; }

    /// <summary>64-bit hash over all that the view shows. Two versions of an object with the same hash are the same to its readers, whatever
    /// heartbeats and managed fields did meanwhile: no reconcile is worth running. (Record equality would compare arrays by reference.)</summary>
    ulong Hash { get; }
}

/// <summary>Projects an object to its view. Null: the object is none of ours (it is then treated as outside the scope).</summary>
/// <param name="json">UTF-8 JSON of the whole object; in a LIST without apiVersion and kind.</param>
/// <exception cref="System.Text.Json.JsonException">The object can't be read; it becomes an <see cref="Undecodable"/>, the others go on.</exception>
public delegate TView? ViewDecoder<TView>(ReadOnlySpan<byte> json)
    where TView : class, IView;

/// <summary>An object that its <see cref="ViewDecoder{TView}"/> could not read. Its last readable view stays in the cache.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="NamespacedName">Key.</param>
/// <param name="Uid">Uid, empty when that couldn't be read either.</param>
/// <param name="Error">What the decoder said.</param>
public sealed record Undecodable(ApiResource Resource, NamespacedName NamespacedName, string Uid, string Error);
