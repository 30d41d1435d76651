using System.Text.Json.Nodes;

namespace GrpoOperator.Training.Children;

/// <summary>What a container asks for.</summary>
internal static class ContainerResources
{
    /// <summary>NPUs are an extended resource: whole, and the request equals the limit.</summary>
    public static void Add(JsonObject container, string resource, int count)
    {
        Amounts(container, "requests")[resource] = count.ToString();
        Amounts(container, "limits")[resource] = count.ToString();
    }

    /// <summary>A request, where neither request nor limit says otherwise.</summary>
    /// <param name="container">The container.</param>
    /// <param name="resource"><c>cpu</c> or <c>memory</c>.</param>
    /// <param name="quantity">How much, as Kubernetes writes it.</param>
    public static void RequestUnlessGiven(JsonObject container, string resource, string quantity)
    {
        if (container["resources"]?["requests"]?[resource] is null && container["resources"]?["limits"]?[resource] is null)
            Amounts(container, "requests")[resource] = quantity;
    }

    private static JsonObject Amounts(JsonObject container, string side)
    {
        if (container["resources"] is not JsonObject resources) container["resources"] = resources = [];
        if (resources[side] is not JsonObject amounts) resources[side] = amounts = [];
        return amounts;
    }
}
