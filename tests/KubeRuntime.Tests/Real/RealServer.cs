using System.Diagnostics;
using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.KubeRuntime.Tests.Real;

/// <summary>A real API server: that of <c>GRPO_TEST_KUBECONFIG</c>. Where there is none, its tests are skipped, and counted as such.</summary>
/// <remarks><c>GRPO_TEST_CLUSTER</c> names the <c>hack/cluster</c> it belongs to, for tests that restart it.</remarks>
public sealed class RealServer : IAsyncLifetime
{
    private readonly string? _kubeconfig = Environment.GetEnvironmentVariable("GRPO_TEST_KUBECONFIG");
    private readonly string? _cluster = Environment.GetEnvironmentVariable("GRPO_TEST_CLUSTER");
    private static int _fixtures;
    private KubeConnection? _connection;

    public string Kubeconfig => _kubeconfig ?? throw new InvalidOperationException("GRPO_TEST_KUBECONFIG is not set.");

    public IKubeApi Api => _connection!.Requests;

    public IKubeApi Watches => _connection!.Watches;

    /// <summary>A namespace of this fixture and run.</summary>
    public string Namespace { get; } = $"runtime-tests-{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}-{Environment.ProcessId}-{Interlocked.Increment(ref _fixtures)}";

    public async ValueTask InitializeAsync()
    {
        if (_kubeconfig is null)
            return;
        _connection = Connect();
        await Api.CreateAsync(ApiResources.Namespaces, null, new JsonObject { ["metadata"] = new JsonObject { ["name"] = Namespace } }, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is null)
            return;
        var answer = await Api.GetAsync(ApiResources.Namespaces, new NamespacedName("", Namespace), CancellationToken.None);
        var uid = answer.Json().GetProperty("metadata").GetProperty("uid").GetString()!;
        await Api.DeleteAsync(ApiResources.Namespaces, new NamespacedName("", Namespace), new DeleteOptions(uid), CancellationToken.None);
        _connection.Dispose();
    }

    public KubeConnection Connect() => new(KubeConnection.Configuration(Kubeconfig), TimeProvider.System, NoMetrics.Instance);

    public void SkipUnlessThere() => Assert.SkipWhen(_kubeconfig is null, "GRPO_TEST_KUBECONFIG names no API server.");

    public void SkipUnlessBreakable() => Assert.SkipWhen(_kubeconfig is null || _cluster is null, "GRPO_TEST_KUBECONFIG and GRPO_TEST_CLUSTER name no cluster that may be broken.");

    /// <summary>Runs <c>hack/cluster</c> on the cluster.</summary>
    public async Task ClusterAsync(string command)
    {
        var start = new ProcessStartInfo(Path.Combine(Root(), "hack", "cluster"), ["--name", _cluster!, command]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"hack/cluster {command}: {output}{errors}");
    }

    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Operator.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("Not in the repository.");
        return folder.FullName;
    }
}
