using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.KubeRuntime.Caches;

/// <summary>The smallest useful view: an object's metadata.</summary>
public sealed record MetadataView(ObjectMeta Meta) : IView
{
    /// <summary>Index of <see cref="Store{TView}.ByIndex"/>: objects by their controller's uid.</summary>
    public const string ByOwner = "owner";

    /// <inheritdoc/>
    public NamespacedName NamespacedName => Meta.NamespacedName;

    /// <inheritdoc/>
    public string Uid => Meta.Uid;

    /// <inheritdoc/>
    public string ResourceVersion => Meta.ResourceVersion;

    /// <inheritdoc/>
    public ulong Hash { get; } = Meta.AddTo(new ViewHash()).Value;

    /// <summary>Projects any object.</summary>
    public static MetadataView Decode(ReadOnlySpan<byte> json) => new(ObjectMetaReading.Read(json));
}
