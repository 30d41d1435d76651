using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrpoOperator.Training.Children;

/// <summary>
/// Lays a user's pod template over a generated one, as <c>kubectl patch</c> would (strategic merge), on JSON: a field that
/// nobody here knows survives, and null takes a field away. What identifies the pod is never the overlay's to change; the
/// rules refuse such a template before it gets here.
/// </summary>
public static class PodTemplateOverlay
{
    /// <summary>Lists whose items are merged by these fields; every other list is replaced.</summary>
    private static readonly FrozenDictionary<string, string[]> MergeKeys = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["containers"] = ["name"],
        ["initContainers"] = ["name"],
        ["volumes"] = ["name"],
        ["env"] = ["name"],
        ["imagePullSecrets"] = ["name"],
        ["volumeMounts"] = ["mountPath"],
        ["volumeDevices"] = ["devicePath"],
        ["ports"] = ["containerPort", "protocol"],
        ["hostAliases"] = ["ip"],
        ["topologySpreadConstraints"] = ["topologyKey", "whenUnsatisfiable"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>
    /// Lists whose items hold one of several alternatives (a volume its source, a variable its value or where it comes
    /// from): an item with another alternative takes the place of the old one, since both together are no valid item.
    /// </summary>
    private static readonly FrozenSet<string> Alternatives = FrozenSet.Create(StringComparer.Ordinal, "volumes", "env");

    /// <summary>The template with the overlay on it. The first argument is not changed.</summary>
    public static JsonObject Merge(JsonObject template, JsonElement? overlay) =>
        overlay is { ValueKind: JsonValueKind.Object } given
            ? Merge(template, JsonObject.Create(given)!)
            : (JsonObject)template.DeepClone();

    /// <summary>The template with the overlay on it. Neither argument is changed.</summary>
    public static JsonObject Merge(JsonObject template, JsonObject overlay)
    {
        var result = (JsonObject)template.DeepClone();
        MergeInto(result, overlay);
        return result;
    }

    private static void MergeInto(JsonObject target, JsonObject overlay)
    {
        foreach (var (name, value) in overlay)
        {
            switch (value, target[name])
            {
                case (null, _):
                    target.Remove(name);
                    break;
                case (JsonObject inner, JsonObject existing):
                    MergeInto(existing, inner);
                    break;
                case (JsonArray items, var existing) when MergeKeys.TryGetValue(name, out var keys):
                    if (existing is not JsonArray list) target[name] = list = [];
                    MergeItems(list, items, keys, Alternatives.Contains(name));
                    break;
                default:
                    target[name] = Fresh(value);
                    break;
            }
        }
    }

    private static void MergeItems(JsonArray target, JsonArray overlay, string[] keys, bool alternatives)
    {
        foreach (var item in overlay)
        {
            var at = target.TakeWhile(existing => !Same(existing, item, keys)).Count();
            if (at == target.Count)
                target.Add(Fresh(item));
            else if (target[at] is not JsonObject existing || item is not JsonObject inner || (alternatives && inner.Any(field => !existing.ContainsKey(field.Key))))
                target[at] = Fresh(item);
            else
                MergeInto(existing, inner);
        }
    }

    /// <summary>Whether two items stand for the same thing; without the first key field only equal items do.</summary>
    private static bool Same(JsonNode? existing, JsonNode? item, string[] keys) =>
        existing is JsonObject one && item is JsonObject other && other[keys[0]] is not null
            ? Array.TrueForAll(keys, key => JsonNode.DeepEquals(Key(one, key), Key(other, key)))
            : JsonNode.DeepEquals(existing, Fresh(item));

    /// <summary>The server's own default: a port without a protocol is one of TCP.</summary>
    private static JsonNode? Key(JsonObject item, string key) => item[key] ?? (key == "protocol" ? "TCP" : null);

    /// <summary>A copy as a merge into nothing leaves it: without fields that are null.</summary>
    private static JsonNode? Fresh(JsonNode? value)
    {
        if (value is not JsonObject given) return value?.DeepClone();
        var fresh = new JsonObject();
        MergeInto(fresh, given);
        return fresh;
    }
}
