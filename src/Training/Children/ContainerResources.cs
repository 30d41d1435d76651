using System.Text.Json.Nodes;

namespace GrpoOperator.Training.Children;

/// <summary>What a container that uses NPUs asks for.</summary>
internal static class NpuResources
{
    /// <summary>NPUs are an extended resource: whole, and the request equals the limit.</summary>
    public static void Add(JsonObject container, string resource, int count)
    {
        Amounts(container, "requests")[resource] = count.ToString();
        Amounts(container, "limits")[resource] = count.ToString();
    }

    /// <summary>A request of whole CPUs, where neither request nor limit says otherwise.</summary>
    public static void RequestCpusUnlessGiven(JsonObject container, int cpus)
    {
        if (container["resources"]?["requests"]?["cpu"] is null && container["resources"]?["limits"]?["cpu"] is null)
            Amounts(container, "requests")["cpu"] = cpus.ToString();
    }

    private static JsonObject Amounts(JsonObject container, string side)
    {
        if (container["resources"] is not JsonObject resources) container["resources"] = resources = [];
        if (resources[side] is not JsonObject amounts) resources[side] = amounts = [];
        return amounts;
    }
}
