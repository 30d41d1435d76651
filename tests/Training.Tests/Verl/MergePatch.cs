using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrpoOperator.Training.Tests.Verl;

/// <summary>JSON merge patch (RFC 7396), for tests that change a field or two of a whole spec.</summary>
internal static class MergePatch
{
    public static JsonNode Apply(JsonElement target, JsonElement patch) => Apply(JsonNode.Parse(target.GetRawText()), JsonNode.Parse(patch.GetRawText()))!;

    private static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
            return patch?.DeepClone();
        var result = target as JsonObject ?? [];
        foreach (var (name, value) in changes)
        {
            if (value is null)
                result.Remove(name);
            else
                result[name] = Apply(result[name]?.DeepClone(), value);
        }

        return result.Parent is null ? result : result.DeepClone();
    }
}
