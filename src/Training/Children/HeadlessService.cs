using System.Text.Json.Nodes;

namespace GrpoOperator.Training.Children;

/// <summary>
/// Headless Service <c>&lt;job&gt;</c>: gives every rank a name before it is ready. It selects one incarnation, so a pod
/// that lives on where nobody can reach it is never found under a rank's name.
/// </summary>
public static class HeadlessService
{
    /// <summary>The object.</summary>
    public static JsonObject Build(ChildContext context)
    {
        var ray = RayEndpoint.Of(context);
        var ports = new JsonArray(Port("ray", ray.Port));
        if (context.Spec.Ray.Dashboard) ports.Add((JsonNode)Port("dashboard", ray.DashboardPort));
        var service = ChildMeta.Object(context, ChildKind.Service, "v1", "Service");
        service["spec"] = new JsonObject
        {
            ["clusterIP"] = "None",
            ["publishNotReadyAddresses"] = true,
            ["selector"] = ChildMeta.TrainerSelector(context),
            ["ports"] = ports,
        };
        return service;
    }

    private static JsonObject Port(string name, int number) => new() { ["name"] = name, ["port"] = number, ["targetPort"] = number, ["protocol"] = "TCP" };
}
