using System.IO.Hashing;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.Views;

/// <summary>A child, or a pod of one, as the caches hold it: whose it is, and what decisions read of it.</summary>
/// <typeparam name="T">The observation record.</typeparam>
internal sealed record ChildView<T> : IView
{
    /// <inheritdoc/>
    public required NamespacedName NamespacedName { get; init; }

    /// <inheritdoc/>
    public required string Uid { get; init; }

    /// <inheritdoc/>
    public required string ResourceVersion { get; init; }

    /// <inheritdoc/>
    public required ulong Hash { get; init; }

    /// <summary>Name of the job by its label; only a hint, since anybody can write labels.</summary>
    public required string JobName { get; init; }

    /// <summary>Uid of the job by its label; only a hint.</summary>
    public required string JobUid { get; init; }

    /// <summary>The object that controls it: what makes it ours.</summary>
    public required ObservedOwner? Owner { get; init; }

    /// <summary>What decisions read.</summary>
    public required T Observed { get; init; }

    /// <summary>The job's key.</summary>
    public NamespacedName JobKey => new(NamespacedName.Namespace, JobName);
}

/// <summary>Makes views from wire records.</summary>
internal static class ChildView
{
    /// <summary>Decodes JSON to a wire record, and that to a view; null when it carries no job label.</summary>
    public static ChildView<T>? Decode<TWire, T>(ReadOnlySpan<byte> json, JsonTypeInfo<TWire> type, Func<TWire, WireMeta> meta, Func<TWire, WireMeta, T> observe)
        where TWire : class
    {
        var wire = JsonSerializer.Deserialize(json, type) ?? throw new JsonException("The object is null.");
        var metadata = meta(wire);
        if (metadata.Label(Labels.Job) is not { } job || metadata.Label(Labels.JobUid) is not { } uid) return null;
        return new ChildView<T>
        {
            NamespacedName = new NamespacedName(metadata.Namespace ?? string.Empty, metadata.Name ?? string.Empty),
            Uid = metadata.Uid ?? string.Empty,
            ResourceVersion = metadata.ResourceVersion ?? string.Empty,
            Hash = HashOf(wire, type, metadata),
            JobName = job,
            JobUid = uid,
            Owner = OwnerOf(metadata),
            Observed = observe(wire, metadata),
        };
    }

    /// <summary>The controller of an object, or null.</summary>
    public static ObservedOwner? OwnerOf(WireMeta metadata) =>
        metadata.Controller is { Kind: { } kind, Name: { } name, Uid: { } uid } ? new ObservedOwner(kind, name, uid) : null;

    /// <summary>Hash of all that the wire record holds but the resourceVersion, which moves with what nobody reads.</summary>
    public static ulong HashOf<TWire>(TWire wire, JsonTypeInfo<TWire> type, WireMeta metadata)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(wire, type);
        var hash = new XxHash3();
        var version = metadata.ResourceVersion is { Length: > 0 } text ? bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes($"\"resourceVersion\":\"{text}\"")) : -1;
        if (version < 0)
        {
            hash.Append(bytes);
        }
        else
        {
            hash.Append(bytes.AsSpan(0, version));
            hash.Append(bytes.AsSpan(version + 20 + metadata.ResourceVersion!.Length + 1));
        }

        return hash.GetCurrentHashAsUInt64();
    }

    /// <summary>An integer label, or 0.</summary>
    public static int Number(string? label) => int.TryParse(label, System.Globalization.NumberStyles.None, provider: null, out var number) ? number : 0;
}
