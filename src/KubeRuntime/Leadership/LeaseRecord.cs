using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.KubeRuntime.Leadership;

/// <summary>What a coordination.k8s.io/v1 Lease says.</summary>
/// <param name="Holder">Who holds it; empty: nobody.</param>
/// <param name="Duration">How long others must see it unchanged before they may take it.</param>
/// <param name="RenewTime">As written: compared for having changed, never with a clock.</param>
/// <param name="Transitions">How often the holder changed.</param>
/// <param name="ResourceVersion">Version of the object.</param>
internal sealed record LeaseRecord(string Holder, TimeSpan Duration, string RenewTime, int Transitions, string ResourceVersion)
{
    public static LeaseRecord Read(ApiAnswer answer)
    {
        var root = answer.Json();
        var spec = root.TryGetProperty("spec", out var s) ? s : default;
        return new LeaseRecord(
            Text(spec, "holderIdentity"),
            TimeSpan.FromSeconds(Number(spec, "leaseDurationSeconds")),
            Text(spec, "renewTime"),
            Number(spec, "leaseTransitions"),
            Text(root.GetProperty("metadata"), "resourceVersion"));
    }

    /// <summary><c>metav1.MicroTime</c>: the server accepts exactly six digits, and answers 400 to a whole second without them.</summary>
    public static string MicroTime(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    /// <summary>A spec for POST or merge patch.</summary>
    public static JsonObject Spec(string holder, TimeSpan duration, DateTimeOffset? acquired, DateTimeOffset renewed, int transitions)
    {
        var spec = new JsonObject
        {
            ["holderIdentity"] = holder,
            ["leaseDurationSeconds"] = (int)duration.TotalSeconds,
            ["renewTime"] = MicroTime(renewed),
            ["leaseTransitions"] = transitions,
        };
        if (acquired is { } time)
            spec["acquireTime"] = MicroTime(time);
        return spec;
    }

    private static string Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";

    private static int Number(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetInt32()
            : 0;
}
