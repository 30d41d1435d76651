using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.Operator.Cluster;

/// <summary>
/// A namespace of a test's own, with the volumes "weights" and "data", and a service account that has the chart's rights in
/// it. It goes with the test.
/// </summary>
internal sealed class TestNamespace : IAsyncDisposable
{
    /// <summary>What claims are bound to; the operator itself knows nothing of them.</summary>
    public static readonly ApiResource PersistentVolumes = new("", "v1", "persistentvolumes", "PersistentVolume");

    private static int last;

    private readonly bool volumes;

    private TestNamespace(string name, bool volumes)
    {
        Name = name;
        this.volumes = volumes;
    }

    public string Name { get; }

    /// <summary>Who the operator is in the audit log.</summary>
    public string OperatorUser => $"system:serviceaccount:{Name}:grpo-operator";

    /// <summary>Makes a namespace.</summary>
    /// <param name="purpose">Part of its name.</param>
    /// <param name="volumes">Whether it gets the volumes.</param>
    /// <param name="nodeAccess">Whether its operator may read nodes; one namespace at a time, since that right is the cluster's.</param>
    /// <param name="granted">Whether it gets the service account; not where the chart itself is installed, nor where an administrator's operator serves.</param>
    public static async Task<TestNamespace> CreateAsync(string purpose, bool volumes = true, bool nodeAccess = false, bool granted = true)
    {
        await Definitions.InstallAsync();
        var @namespace = new TestNamespace($"{purpose}-{Environment.ProcessId % 10000}-{Interlocked.Increment(ref last)}", volumes);
        if (volumes)
            await TestCluster.CommandAsync("volumes", @namespace.Name);
        else
            await Kube.CreateAsync(ApiResources.Namespaces, null, new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = @namespace.Name } });
        if (granted) await @namespace.GrantAsync(nodeAccess);
        return @namespace;
    }

    /// <summary>A file or folder on a volume, as this machine sees it.</summary>
    public string PathOf(string claim, params string[] parts) => Path.Combine([TestCluster.SharedFolder, Name, claim, .. parts]);

    /// <summary>Model directory and raw data, as the stand-in's tool makes them.</summary>
    public Task MakeInputsAsync() => Programs.RunAsync("python3",
        ["-B", RepositoryFiles.PathOf("tests", "images", "verl-standin", "make_inputs.py"), "--model", PathOf("weights", "Qwen3-30B-A3B"), "--raw", PathOf("data", "gsm8k"), "--rows", "200"]);

    /// <summary>A kubeconfig of the operator's service account.</summary>
    public async Task<string> OperatorKubeconfigAsync()
    {
        var token = (await TestCluster.KubectlAsync("create", "token", "grpo-operator", "-n", Name, "--duration", "1h")).Trim();
        var config = JsonNode.Parse(await TestCluster.KubectlAsync("config", "view", "--raw", "--minify", "--flatten", "-o", "json"))!;
        config["users"]![0]!["user"] = new JsonObject { ["token"] = token };
        config["contexts"]![0]!["context"]!["namespace"] = Name;
        var path = Path.Combine(Path.GetTempPath(), $"{Name}.operator.kubeconfig");
        await File.WriteAllTextAsync(path, config.ToJsonString());
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var kubeconfig in Directory.GetFiles(Path.GetTempPath(), $"{Name}.*.kubeconfig")) File.Delete(kubeconfig);
        await Kube.DeleteAsync(ApiResources.Namespaces, string.Empty, Name);
        if (!volumes) return;
        foreach (var claim in (string[])["weights", "data"]) await Kube.DeleteAsync(PersistentVolumes, string.Empty, $"{Name}-{claim}");
    }

    /// <summary>The chart's roles, bound to a service account in this namespace: the tests prove that they suffice.</summary>
    private async Task GrantAsync(bool nodeAccess)
    {
        string[] values = ["--set", $"watchNamespaces={{{Name}}}", "--set", nodeAccess ? "nodeAccess=true" : "nodeAccess=false"];
        string[] templates = ["-s", "templates/rbac-jobs.yaml", "-s", "templates/rbac-leases.yaml", "-s", "templates/serviceaccount.yaml"];
        var roles = await Programs.RunAsync("helm", ["template", "grpo-operator", RepositoryFiles.PathOf("charts", "grpo-operator"), "--namespace", Name, .. values, .. templates]);
        await Programs.RunAsync("kubectl", ["--kubeconfig", TestCluster.Kubeconfig, "apply", "-f", "-"], roles);
    }
}
