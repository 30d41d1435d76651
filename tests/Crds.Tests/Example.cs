using System.Text.Json;
using System.Text.Json.Nodes;
using GrpoOperator.Crds.Yaml;

namespace GrpoOperator.Crds.Tests;

/// <summary>example.yaml: a job that every structural rule accepts, to be changed by tests.</summary>
internal static class Example
{
    public static string Text { get; } = ReadText();

    public static JsonElement Element { get; } = KubectlYaml.ReadSingle(Text).Root;

    /// <summary>A fresh copy.</summary>
    public static JsonObject Copy() => JsonObject.Create(Element)!.DeepClone().AsObject();

    /// <summary>A copy with a value put at a path such as <c>spec.env.0.name</c>; null removes.</summary>
    public static JsonObject With(string path, string? json)
    {
        var copy = Copy();
        Set(copy, path, json);
        return copy;
    }

    public static void Set(JsonObject target, string path, string? json)
    {
        var names = path.Split('.');
        JsonNode at = target;
        foreach (var name in names[..^1])
        {
            at = at is JsonArray list
                ? list[int.Parse(name, null)]!
                : at[name] ??= new JsonObject();
        }

        var last = names[^1];
        var value = json is null ? null : JsonNode.Parse(json);
        switch (at)
        {
            case JsonArray list when int.Parse(last, null) is var i && i < list.Count:
                list[i] = value;
                break;
            case JsonArray list:
                list.Add(value);
                break;
            case JsonObject map when json is null:
                map.Remove(last);
                break;
            default:
                at[last] = value;
                break;
        }
    }

    private static string ReadText()
    {
        using var stream = typeof(Example).Assembly.GetManifestResourceStream("example.yaml")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
