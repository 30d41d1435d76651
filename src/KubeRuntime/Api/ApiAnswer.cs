using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace GrpoOperator.KubeRuntime.Api;

/// <summary>A successful answer of the API server, as it came.</summary>
/// <param name="Body">UTF-8 JSON (of a log request: the log's bytes).</param>
/// <param name="ServerTime">The answer's <c>Date</c> header, whole seconds; null when there was none. Ages of other machines' times are
/// judged against it, never against this machine's clock.</param>
public sealed record ApiAnswer(ReadOnlyMemory<byte> Body, DateTimeOffset? ServerTime = null)
{
    /// <summary>The body as an immutable JSON element.</summary>
    public JsonElement Json()
    {
        var reader = new Utf8JsonReader(Body.Span);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>The body as a typed object.</summary>
    public T? As<T>(JsonTypeInfo<T> type) => JsonSerializer.Deserialize(Body.Span, type);
}
