using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrpoOperator.Training.Children;

/// <summary>
/// Lays a user's pod template over a generated one, as <c>kubectl patch</c> would (strategic merge), on JSON: a field that
/// nobody here knows survives. What identifies the pod is never the overlay's to change; the rules refuse such a template
/// before it gets here.
/// </summary>
public static class PodTemplateOverlay
{
    /// <summary>Lists whose items are merged by a key; every other list is replaced.</summary>
    private static readonly FrozenDictionary<string, string> MergeKeys = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["containers"] = "name",
        ["initContainers"] = "name",
        ["volumes"] = "name",
        ["env"] = "name",
        ["imagePullSecrets"] = "name",
        ["volumeMounts"] = "mountPath",
        ["volumeDevices"] = "devicePath",
        ["ports"] = "containerPort",
        ["hostAliases"] = "ip",
        ["topologySpreadConstraints"] = "topologyKey",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The template with the overlay on it. The first argument is not changed.</summary>
    public static JsonObject Merge(JsonObject template, JsonElement? overlay)
    {
        var result = (JsonObject)template.DeepClone();
        if (overlay is { ValueKind: JsonValueKind.Object } given) MergeInto(result, (JsonObject)JsonNode.Parse(given.GetRawText())!);
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
                case (JsonArray items, JsonArray existing) when MergeKeys.TryGetValue(name, out var key):
                    MergeItems(existing, items, key);
                    break;
                default:
                    target[name] = value.DeepClone();
                    break;
            }
        }
    }

    private static void MergeItems(JsonArray target, JsonArray overlay, string key)
    {
        foreach (var item in overlay)
        {
            var same = item?[key] is { } id ? target.FirstOrDefault(existing => JsonNode.DeepEquals(existing?[key], id)) : null;
            if (same is JsonObject existing && item is JsonObject inner)
                MergeInto(existing, inner);
            else
                target.Add(item?.DeepClone());
        }
    }
}
