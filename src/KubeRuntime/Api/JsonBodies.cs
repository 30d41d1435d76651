using System.Text.Json.Nodes;

namespace GrpoOperator.KubeRuntime.Api;

/// <summary>Writes whose body stands as a <see cref="JsonNode"/>. Explicit nulls are sent as such.</summary>
public static class JsonBodies
{
    /// <summary>UTF-8 bytes of a node.</summary>
    public static ReadOnlyMemory<byte> Utf8(this JsonNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(1024);
        using (var writer = new System.Text.Json.Utf8JsonWriter(buffer))
            node.WriteTo(writer);
        return buffer.WrittenMemory;
    }

    /// <summary>POST of a node.</summary>
    public static Task<ApiAnswer> CreateAsync(
        this IKubeWriter writer, ApiResource resource, string? @namespace, JsonNode body, CancellationToken cancellationToken) =>
        writer.CreateAsync(resource, @namespace, body.Utf8(), cancellationToken);

    /// <summary>Merge patch of an object or of a subresource of it.</summary>
    public static Task<ApiAnswer> MergePatchAsync(
        this IKubeWriter writer, ApiResource resource, NamespacedName name, string? subresource, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        writer.PatchAsync(resource, name, PatchType.Merge, body, subresource, cancellationToken);

    /// <summary>Merge patch of an object or of a subresource of it.</summary>
    public static Task<ApiAnswer> MergePatchAsync(
        this IKubeWriter writer, ApiResource resource, NamespacedName name, string? subresource, JsonNode body, CancellationToken cancellationToken) =>
        writer.PatchAsync(resource, name, PatchType.Merge, body.Utf8(), subresource, cancellationToken);
}
