using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrpoOperator.Training.Children;

/// <summary>Reads into a merged pod, in which a user's overlay may have put anything.</summary>
internal static class PodJson
{
    private const int LongestValue = 80;

    /// <summary>The objects of a list; none for anything else.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonNode? list) => (list as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>The member of that name; null when there is none, or no object.</summary>
    public static JsonNode? Member(this JsonNode? node, string name) => (node as JsonObject)?[name];

    /// <summary>The object of that name; made when there is none, or something else.</summary>
    public static JsonObject Child(this JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject child) parent[name] = child = [];
        return child;
    }

    /// <summary>The array of that name; made when there is none, or something else.</summary>
    public static JsonArray ChildList(this JsonObject parent, string name)
    {
        if (parent[name] is not JsonArray child) parent[name] = child = [];
        return child;
    }

    /// <summary>The member of that name when it is a string.</summary>
    public static string? Text(this JsonNode? node, string name) =>
        node.Member(name) is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.ToString() : null;

    /// <summary>Whether it is the given truth value, and nothing that looks like it.</summary>
    public static bool Is(this JsonNode? node, bool value) => node?.GetValueKind() == (value ? JsonValueKind.True : JsonValueKind.False);

    /// <summary>Whether it isn't there, or says no.</summary>
    public static bool IsNotAsked(this JsonNode? node) => node is null || node.Is(false);

    /// <summary>The whole number that it is; null for anything else.</summary>
    public static long? Whole(this JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.Number && long.TryParse(node.ToJsonString(), NumberStyles.AllowLeadingSign, null, out var number) ? number : null;

    /// <summary>The value as a message shows it.</summary>
    public static string Shown(this JsonNode? node)
    {
        var text = node?.ToJsonString() ?? "";
        return text.Length <= LongestValue ? text : text[..LongestValue] + "…";
    }

    /// <summary>Members of an object that aren't among the known ones.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> Except(this JsonNode? node, IReadOnlySet<string> known) =>
        (node as JsonObject)?.Where(member => !known.Contains(member.Key)) ?? [];

    /// <summary>All containers of a pod with their places, those that initialise included.</summary>
    public static IEnumerable<(string Field, JsonObject Container)> Containers(JsonNode? pod) =>
        from list in (string[])["containers", "initContainers"]
        from container in pod.Member(list).Objects()
        select ($"spec.{list}[{container.Text("name")}]", container);
}
