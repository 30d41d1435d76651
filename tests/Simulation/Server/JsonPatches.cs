using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.Simulation.Server;

/// <summary>The two patch formats that the operator sends.</summary>
internal static class JsonPatches
{
    /// <summary>RFC 7386.</summary>
    public static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null) target.Remove(name);
            else if (value is JsonObject inner && target[name] is JsonObject existing) Merge(existing, inner);
            else target[name] = value.DeepClone();
        }
    }

    /// <summary>One operation of RFC 6902: <c>test</c> or <c>add</c>.</summary>
    public static void Apply(JsonObject root, JsonObject operation)
    {
        var segments = ((string)operation["path"]!).Split('/').Skip(1).Select(s => s.Replace("~1", "/", StringComparison.Ordinal)).ToArray();
        var parent = segments.SkipLast(1).Aggregate((JsonNode)root, (node, segment) => node is JsonArray array ? array[int.Parse(segment)]! : node[segment]!);
        var last = segments[^1];
        switch ((string)operation["op"]!)
        {
            case "test" when !JsonNode.DeepEquals(parent is JsonArray a ? a[int.Parse(last)] : parent[last], operation["value"]):
                throw new KubeApiException(422, "Invalid", "the test operation failed", causes: [new StatusCause("metadata.uid", "Invalid", last)]);
            case "add" when parent is JsonArray array:
                array.Add(operation["value"]!.DeepClone());
                break;
            case "add":
                parent[last] = operation["value"]!.DeepClone();
                break;
            default:
                break;
        }
    }
}
