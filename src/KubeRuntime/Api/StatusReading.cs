using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace GrpoOperator.KubeRuntime.Api;

/// <summary>Reads the <c>Status</c> object that the API server refuses with.</summary>
internal static class StatusReading
{
    /// <summary>The error that a Status tells, or that an HTTP answer without one is.</summary>
    /// <param name="body">UTF-8 JSON of a Status, or whatever a proxy on the way wrote.</param>
    /// <param name="httpCode">The answer's status line; 0 inside a watch stream, where the Status' own code counts.</param>
    /// <param name="retryAfter">The <c>Retry-After</c> header.</param>
    public static KubeApiException ToException(ReadOnlySpan<byte> body, int httpCode = 0, TimeSpan? retryAfter = null)
    {
        var status = Parse(body);
        var reason = Text(status, "reason");
        var code = httpCode != 0 ? httpCode : Number(status, "code") ?? (reason is "Expired" or "Gone" ? 410 : 500);
        var details = status is { } s && s.TryGetProperty("details", out var d) && d.ValueKind == JsonValueKind.Object ? d : default(JsonElement?);
        if (retryAfter is null && Number(details, "retryAfterSeconds") is { } seconds and > 0)
            retryAfter = TimeSpan.FromSeconds(seconds);
        var message = Text(status, "message") ?? Encoding.UTF8.GetString(body[..Math.Min(body.Length, 200)]);
        return new KubeApiException(code, reason ?? "Unknown", message, retryAfter, Causes(details));
    }

    private static JsonElement? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            var element = JsonElement.ParseValue(ref reader);
            return element.ValueKind == JsonValueKind.Object && Text(element, "kind") == "Status" ? element : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ImmutableArray<StatusCause> Causes(JsonElement? details)
    {
        if (details is not { } d || !d.TryGetProperty("causes", out var causes) || causes.ValueKind != JsonValueKind.Array)
            return [];
        return [.. causes.EnumerateArray().Select(cause => new StatusCause(Text(cause, "field") ?? "", Text(cause, "reason") ?? "", Text(cause, "message") ?? ""))];
    }

    private static string? Text(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } p && p.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int? Number(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } p && p.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;
}
