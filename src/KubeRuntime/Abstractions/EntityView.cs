using System.Text.Json;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;

namespace GrpoOperator.KubeRuntime.Abstractions;

/// <summary>A whole entity as it came, for controllers that want to see all of it. <see cref="Hash"/> leaves out its status: what the controller
/// itself writes there is no reason to run again.</summary>
/// <typeparam name="TEntity">Only tells the caches of different entities apart.</typeparam>
public sealed record EntityView<TEntity>(ObjectMeta Meta, ReadOnlyMemory<byte> Json, ulong Hash) : IView
{
    /// <inheritdoc/>
    public NamespacedName NamespacedName => Meta.NamespacedName;

    /// <inheritdoc/>
    public string Uid => Meta.Uid;

    /// <inheritdoc/>
    public string ResourceVersion => Meta.ResourceVersion;

    internal static EntityView<TEntity> Decode(ReadOnlySpan<byte> json)
    {
        var meta = ObjectMetaReading.Read(json);
        var hash = meta.AddTo(new ViewHash());
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.NextProperty())
        {
            var isHashed = !reader.ValueTextEquals("metadata"u8) && !reader.ValueTextEquals("status"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isHashed)
                hash.Add(json[start..(int)reader.BytesConsumed]);
        }

        return new EntityView<TEntity>(meta, json.ToArray(), hash.Value);
    }
}
