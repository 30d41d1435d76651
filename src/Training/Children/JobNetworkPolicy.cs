using System.Text.Json.Nodes;

namespace GrpoOperator.Training.Children;

/// <summary>
/// NetworkPolicy <c>&lt;job&gt;</c>: only the job's pods reach the job's pods. Ray runs whatever anybody sends it, so nobody
/// else may. Users may add policies of their own.
/// </summary>
public static class JobNetworkPolicy
{
    /// <summary>The object.</summary>
    public static JsonObject Build(ChildContext context)
    {
        var policy = ChildMeta.Object(context, ChildKind.NetworkPolicy, "networking.k8s.io/v1", "NetworkPolicy");
        policy["spec"] = new JsonObject
        {
            ["podSelector"] = Pods(context),
            ["policyTypes"] = new JsonArray("Ingress"),
            ["ingress"] = new JsonArray(new JsonObject { ["from"] = new JsonArray(new JsonObject { ["podSelector"] = Pods(context) }) }),
        };
        return policy;
    }

    private static JsonObject Pods(ChildContext context) => new() { ["matchLabels"] = new JsonObject { [Labels.JobUid] = context.JobUid } };
}
