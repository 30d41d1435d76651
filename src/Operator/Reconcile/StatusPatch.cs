using System.Text.Json;
using System.Text.Json.Nodes;
using GrpoOperator.Crds;

namespace GrpoOperator.Operator.Reconcile;

/// <summary>
/// The JSON merge patch that turns one status into another: only what differs, removed fields as null. Fields that this
/// version does not know are not touched. The resourceVersion makes the API server refuse it when anything changed, or when
/// another object bears the name (the uid says the same to servers that look at it).
/// </summary>
internal static class StatusPatch
{
    /// <summary>The patch body, or null when the statuses are equal.</summary>
    public static JsonObject? Between(GrpoTrainingJobStatus old, GrpoTrainingJobStatus @new, string uid, string resourceVersion)
    {
        if (old == @new) return null;
        var difference = Difference(ToJson(old), ToJson(@new));
        if (difference.Count == 0) return null;
        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = uid, ["resourceVersion"] = resourceVersion },
            ["status"] = difference,
        };
    }

    private static JsonObject ToJson(GrpoTrainingJobStatus status) =>
        (JsonObject)JsonSerializer.SerializeToNode(status, CrdJsonContext.Default.GrpoTrainingJobStatus)!;

    private static JsonObject Difference(JsonObject old, JsonObject @new)
    {
        var difference = new JsonObject();
        foreach (var (name, value) in @new)
        {
            if (!old.TryGetPropertyValue(name, out var before))
                difference[name] = value?.DeepClone();
            else if (value is JsonObject inner && before is JsonObject innerBefore)
                AddIfAny(difference, name, Difference(innerBefore, inner));
            else if (!JsonNode.DeepEquals(before, value))
                difference[name] = value?.DeepClone();
        }

        foreach (var (name, _) in old)
        {
            if (!@new.ContainsKey(name)) difference[name] = null;
        }

        return difference;
    }

    private static void AddIfAny(JsonObject target, string name, JsonObject inner)
    {
        if (inner.Count > 0) target[name] = inner;
    }
}
