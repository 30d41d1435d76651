using System.Text.Json;

namespace GrpoOperator.Chart.Tests;

/// <summary>The objects that the chart makes.</summary>
internal sealed record Manifests(IReadOnlyList<JsonElement> Objects)
{
    public IEnumerable<JsonElement> OfKind(string kind) => Objects.Where(one => one.Text("kind") == kind);

    public JsonElement Single(string kind) => Assert.Single(OfKind(kind));

    public JsonElement Single(string kind, string name) =>
        Assert.Single(OfKind(kind), one => one.Text("metadata", "name") == name);

    /// <summary>The only container of the operator's pod.</summary>
    public JsonElement Container() => Assert.Single(PodSpec().At("containers").EnumerateArray());

    public JsonElement PodSpec() => Single("Deployment").At("spec", "template", "spec");

    public IReadOnlyList<string> Arguments() => Container().At("args").Texts();
}

/// <summary>Short ways into JSON.</summary>
internal static class JsonElementPaths
{
    /// <summary>The value at a path of members; undefined when one is missing.</summary>
    public static JsonElement At(this JsonElement element, params string[] path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return default;
        }

        return element;
    }

    public static string? Text(this JsonElement element, params string[] path) =>
        element.At(path) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static IReadOnlyList<string> Texts(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().Select(item => item.GetString()!)] : [];
}
