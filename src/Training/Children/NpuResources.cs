using System.Text.Json.Nodes;

namespace GrpoOperator.Training.Children;

/// <summary>NPUs are an extended resource: whole, and the request equals the limit.</summary>
internal static class NpuResources
{
    public static void Add(JsonObject container, string resource, int count)
    {
        var resources = container["resources"] as JsonObject;
        if (resources is null) container["resources"] = resources = [];
        foreach (var side in new[] { "requests", "limits" })
        {
            if (resources[side] is not JsonObject amounts) resources[side] = amounts = [];
            amounts[resource] = count.ToString();
        }
    }
}
