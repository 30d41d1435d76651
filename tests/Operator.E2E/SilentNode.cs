using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.E2E;

/// <summary>A node that a test has stopped, or its kubelet alone; it comes back with the end of the test.</summary>
internal sealed class SilentNode : IAsyncDisposable
{
    private readonly string node;
    private readonly string what;
    private bool isBack;

    private SilentNode(string node, string what)
    {
        this.node = node;
        this.what = what;
    }

    private string Number => node["node-".Length..];

    /// <summary>Stops it.</summary>
    /// <param name="node">Its name.</param>
    /// <param name="what">"kubelet": its containers run on; "node": they die with it.</param>
    public static async Task<SilentNode> StopAsync(string node, string what)
    {
        var silent = new SilentNode(node, what);
        await TestCluster.CommandAsync($"{what}-stop", silent.Number);
        return silent;
    }

    /// <summary>Whether no process of a pod runs there.</summary>
    public async Task<bool> HasNoProcessOfAsync(string uid) =>
        (await TestCluster.CommandAsync("node-exec", Number, "bash", "-c", $"grep -lsz '^GRPO_POD_UID={uid}$' /proc/[0-9]*/environ || true")).Trim().Length == 0;

    /// <summary>Starts it again and waits until the control plane calls it ready.</summary>
    public async Task ReturnAsync()
    {
        if (isBack) return;
        isBack = true;
        await TestCluster.CommandAsync($"{what}-start", Number);
        await Eventually.BeTrueAsync(IsReadyAsync, TimeSpan.FromMinutes(2), $"{node} is ready again");
    }

    public async ValueTask DisposeAsync() => await ReturnAsync();

    private async Task<bool> IsReadyAsync() => await Kube.GetAsync(ApiResources.Nodes, string.Empty, node) is { } found && Kube.IsReady(found);
}
