using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.E2E;

/// <summary>
/// The operator as users have it: its image, installed by helm with two replicas, in a namespace of its own, for the jobs of
/// one other. Uninstalled with the test.
/// </summary>
internal sealed class OperatorRelease : IAsyncDisposable
{
    // The API server records the reads of this account, too: see the audit policy of hack/cluster.
    private const string Namespace = "deployed";
    private const string Name = "deployed";
    private const string FullName = "deployed-grpo-operator";

    private OperatorRelease()
    {
    }

    /// <summary>Who it is in the audit log.</summary>
    public static string User => $"system:serviceaccount:{Namespace}:{FullName}";

    public static async Task<OperatorRelease> InstallAsync(TestNamespace watched)
    {
        // An earlier run on this cluster may still be going.
        await Eventually.BeTrueAsync(async () => await GetAsync(ApiResources.Namespaces, Namespace, @namespace: null) is not { } left || left["metadata"]!["deletionTimestamp"] is null, TimeSpan.FromMinutes(3), "an earlier release is gone");
        var image = TestCluster.OperatorImage;
        var tag = image.LastIndexOf(':');
        await HelmAsync(
            "upgrade", "--install", Name, RepositoryFiles.PathOf("charts", "grpo-operator"), "--create-namespace", "--wait", "--timeout", "90s",
            "--set", $"image.repository={image[..tag]},image.tag={image[(tag + 1)..]},watchNamespaces={{{watched.Name}}}",
            // The tests' own definition serves all of them; and a standby that needn't wait long.
            "--set", "crds.install=false,leaderElection.leaseDuration=6,leaderElection.renewDeadline=4,leaderElection.retryPeriod=1");
        return new OperatorRelease();
    }

    /// <summary>The operator's pods.</summary>
    public static async Task<IReadOnlyList<OperatorPod>> PodsAsync() =>
        [.. (await Kube.ListAsync(ApiResources.Pods, Namespace, $"app.kubernetes.io/instance={Name}")).Select(pod => new OperatorPod(pod))];

    /// <summary>The pod whose process holds the lease; its identity begins with the pod's name.</summary>
    public static async Task<OperatorPod> LeaderAsync()
    {
        var holder = Kube.Text(await GetAsync(ApiResources.Leases, FullName), "spec", "holderIdentity") ?? string.Empty;
        return (await PodsAsync()).Single(pod => holder.StartsWith(pod.Name, StringComparison.Ordinal));
    }

    public static Task<string> LogsAsync() => TestCluster.KubectlAsync("logs", "-n", Namespace, "-l", $"app.kubernetes.io/instance={Name}", "--prefix", "--tail=40");

    public async ValueTask DisposeAsync()
    {
        await HelmAsync("uninstall", Name);
        await TestCluster.KubectlAsync("delete", "namespace", Namespace, "--wait=false");
    }

    private static Task<string> HelmAsync(params string[] arguments) =>
        Programs.RunAsync("helm", [arguments[0], "--kubeconfig", TestCluster.Kubeconfig, "--namespace", Namespace, .. arguments[1..]]);

    private static async Task<JsonObject?> GetAsync(ApiResource resource, string name, string? @namespace = Namespace) =>
        await Kube.GetAsync(resource, @namespace!, name);
}

/// <summary>A pod of the operator, and its process on the node.</summary>
internal sealed record OperatorPod(JsonObject Pod)
{
    public string Name => Kube.Text(Pod, "metadata", "name")!;

    public string Address => Kube.Text(Pod, "status", "podIP")!;

    /// <summary>State of its only container.</summary>
    public JsonObject Container => Pod["status"]!["containerStatuses"]![0]!.AsObject();

    private string Node => Kube.Text(Pod, "spec", "nodeName")!["node-".Length..];

    /// <summary>What the kernel says of the process: <c>/proc/PID/status</c> by field, values split at blanks.</summary>
    public async Task<IReadOnlyDictionary<string, string[]>> ProcessAsync()
    {
        var status = await OnNodeAsync($"cat /proc/{await PidAsync()}/status");
        return status.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':', 2))
            .ToDictionary(pair => pair[0], pair => pair[1].Split((char[])['\t', ' '], StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);
    }

    /// <summary>How the process sees the root of its files: the options of the mount.</summary>
    public async Task<string[]> RootMountAsync() =>
        (await OnNodeAsync($"cat /proc/{await PidAsync()}/mountinfo")).Split('\n').Select(line => line.Split(' ')).First(fields => fields.Length > 5 && fields[4] == "/")[5].Split(',');

    /// <summary>SIGKILL on the node: nothing is said, given back or finished, and no API request tells of it.</summary>
    public async Task KillAsync() => await OnNodeAsync($"kill -KILL {await PidAsync()}");

    /// <summary>Its id on the node, found by the pod's name in the process' environment.</summary>
    private async Task<string> PidAsync()
    {
        var found = await OnNodeAsync($"grep -lszx POD_NAME={Name} /proc/[0-9]*/environ | tr '\\0' '\\n'");
        return Assert.Single(found.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Split('/')[2];
    }

    private Task<string> OnNodeAsync(string command) => TestCluster.CommandAsync("node-exec", Node, "bash", "-c", command);
}
