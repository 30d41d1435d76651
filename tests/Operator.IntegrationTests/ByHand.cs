using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>A node that nobody runs, and what its scheduler and kubelet would tell the API server.</summary>
internal static class ByHand
{
    private const string Node = "by-hand";
    private const string LeaseNamespace = "kube-node-lease";

    private static readonly Once NodeMade = new(MakeNodeAsync);

    /// <summary>
    /// Does what its kubelet would: renews the lease, without which the node would count as lost, and its pods with it, and
    /// says that it is ready, which nobody else does after a lapse.
    /// </summary>
    public static async Task BeatAsync()
    {
        await NodeMade.DoAsync();
        await Kube.PatchAsync(ApiResources.Leases, LeaseNamespace, Node, new JsonObject { ["spec"] = new JsonObject { ["renewTime"] = MicroTime() } });
        if (await Kube.GetAsync(ApiResources.Nodes, string.Empty, Node) is { } node && Kube.IsReady(node)) return;
        await Kube.PatchAsync(ApiResources.Nodes, string.Empty, Node, new JsonObject { ["status"] = new JsonObject { ["conditions"] = new JsonArray(Condition("Ready", true)) } }, "status");
    }

    /// <summary>Gives a pod this node.</summary>
    public static Task<JsonObject> BindAsync(string @namespace, string pod) => Kube.CreateAsync(new ApiResource("", "v1", "bindings", "Binding"), @namespace, new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Binding",
        ["metadata"] = new JsonObject { ["name"] = pod },
        ["target"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = Node },
    });

    /// <summary>Tells the state of a pod's first container, and so the pod's.</summary>
    /// <param name="namespace">The pod's namespace.</param>
    /// <param name="pod">The pod; another one of its name is left alone.</param>
    /// <param name="state">The container's state.</param>
    /// <param name="phase">The pod's phase.</param>
    /// <param name="ready">Whether it is ready.</param>
    /// <param name="lastState">How the container ended before it was started again; null: it never did.</param>
    public static Task<JsonObject> TellAsync(string @namespace, JsonObject pod, JsonObject state, string phase, bool ready, JsonObject? lastState = null) => Kube.PatchAsync(
        ApiResources.Pods,
        @namespace,
        Kube.Text(pod, "metadata", "name")!,
        new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = Kube.Text(pod, "metadata", "uid") },
            ["status"] = new JsonObject
            {
                ["phase"] = phase,
                ["conditions"] = new JsonArray(Condition("PodScheduled", true), Condition("Ready", ready)),
                ["containerStatuses"] = new JsonArray(new JsonObject
                {
                    ["name"] = Kube.Text(pod["spec"]!["containers"]![0], "name"),
                    ["ready"] = ready,
                    ["restartCount"] = lastState is null ? 0 : 1,
                    ["image"] = "by-hand",
                    ["imageID"] = "by-hand",
                    ["state"] = state,
                    ["lastState"] = lastState ?? [],
                }),
            },
        },
        "status");

    /// <summary>A container that runs.</summary>
    public static JsonObject Running() => new() { ["running"] = new JsonObject { ["startedAt"] = Now() } };

    /// <summary>A container that ended.</summary>
    public static JsonObject Ended(int exitCode, string message) => new()
    {
        ["terminated"] = new JsonObject { ["exitCode"] = exitCode, ["reason"] = exitCode == 0 ? "Completed" : "Error", ["message"] = message, ["startedAt"] = Now(), ["finishedAt"] = Now() },
    };

    private static async Task MakeNodeAsync()
    {
        if (await Kube.GetAsync(ApiResources.Nodes, string.Empty, Node) is not null) return;
        await Kube.CreateAsync(ApiResources.Nodes, null, new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Node",
            ["metadata"] = new JsonObject { ["name"] = Node },
            ["spec"] = new JsonObject { ["unschedulable"] = true },
        });
        await Kube.CreateAsync(ApiResources.Leases, LeaseNamespace, new JsonObject
        {
            ["apiVersion"] = "coordination.k8s.io/v1",
            ["kind"] = "Lease",
            ["metadata"] = new JsonObject { ["name"] = Node },
            ["spec"] = new JsonObject { ["holderIdentity"] = Node, ["leaseDurationSeconds"] = 40, ["renewTime"] = MicroTime() },
        });
    }

    private static JsonObject Condition(string type, bool status) => new() { ["type"] = type, ["status"] = status ? "True" : "False", ["lastTransitionTime"] = Now() };

    private static string Now() => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ");

    private static string MicroTime() => TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", System.Globalization.CultureInfo.InvariantCulture);
}
