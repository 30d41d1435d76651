using System.Text.Json;

namespace GrpoOperator.KubeRuntime.Api;

/// <summary>Splits a line of a watch stream, <c>{"type":"ADDED","object":{…}}</c>, into its type and the bytes of its object.</summary>
internal static class WatchFrameReading
{
    private static readonly (WatchFrameType Type, byte[] Prefix)[] Prefixes =
    [
        (WatchFrameType.Modified, [.. """{"type":"MODIFIED","object":"""u8]),
        (WatchFrameType.Added, [.. """{"type":"ADDED","object":"""u8]),
        (WatchFrameType.Deleted, [.. """{"type":"DELETED","object":"""u8]),
        (WatchFrameType.Bookmark, [.. """{"type":"BOOKMARK","object":"""u8]),
        (WatchFrameType.Error, [.. """{"type":"ERROR","object":"""u8]),
    ];

    public static WatchFrame Read(ReadOnlyMemory<byte> line)
    {
        // How every API server writes it: the object needn't be read to find its end.
        if (line.Span is [.., (byte)'}'])
        {
            foreach (var (type, prefix) in Prefixes)
            {
                if (line.Span.StartsWith(prefix))
                    return new WatchFrame(type, line[prefix.Length..^1]);
            }
        }

        try
        {
            return Parse(line);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new KubeApiException(0, KubeApiException.Unreachable, "A line of the watch stream is none.", inner: e);
        }
    }

    /// <summary>Any other order or spacing of the same JSON.</summary>
    private static WatchFrame Parse(ReadOnlyMemory<byte> line)
    {
        var reader = new Utf8JsonReader(line.Span);
        string? type = null;
        var body = ReadOnlyMemory<byte>.Empty;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            var isObject = reader.ValueTextEquals("object"u8);
            reader.Read();
            if (isType)
                type = reader.GetString();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isObject)
                body = line[start..(int)reader.BytesConsumed];
        }

        return Enum.TryParse<WatchFrameType>(type, ignoreCase: true, out var known)
            ? new WatchFrame(known, body)
            : throw new JsonException($"Unknown event type {type}.");
    }
}
