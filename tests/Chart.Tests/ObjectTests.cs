namespace GrpoOperator.Chart.Tests;

public sealed class ObjectTests
{
    [Theory]
    [InlineData(Helm.Oldest)]
    [InlineData(Helm.Newest)]
    public void LintFindsNothing(string version)
    {
        var result = Helm.Run("lint", Tree.Chart, "--strict", "--kube-version", version);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    [Theory]
    [InlineData(Helm.Oldest)]
    [InlineData("1.30.0")]
    [InlineData(Helm.Newest)]
    public void TheDefaultsMakeTheseObjects(string version) => Assert.Equal(
        [
            "ClusterRole grpo-operator", "ClusterRole grpo-operator-edit", "ClusterRole grpo-operator-view", "ClusterRoleBinding grpo-operator",
            "CustomResourceDefinition grpotrainingjobs.grpo-operator.dev", "Deployment grpo-operator", "PodDisruptionBudget grpo-operator",
            "Role grpo-operator-leader", "Role grpo-operator-node-leases", "RoleBinding grpo-operator-leader", "RoleBinding grpo-operator-node-leases",
            "Service grpo-operator-metrics", "ServiceAccount grpo-operator",
        ],
        Helm.Template(version).Objects.Select(one => $"{one.Text("kind")} {one.Text("metadata", "name")}").Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(Helm.Oldest, "policy/v1beta1")]
    [InlineData("1.21.0", "policy/v1")]
    [InlineData(Helm.Newest, "policy/v1")]
    public void TheDisruptionBudgetIsOfTheVersionThatTheServerHas(string version, string apiVersion)
    {
        var budget = Helm.Template(version).Single("PodDisruptionBudget");
        Assert.Equal(apiVersion, budget.Text("apiVersion"));
        Assert.Equal(1, budget.At("spec", "maxUnavailable").GetInt32());
    }

    // With one replica it would block every drain.
    [Theory]
    [InlineData("replicas=1")]
    [InlineData("podDisruptionBudget.enabled=false")]
    public void NoDisruptionBudgetWhereItWouldOnlyBlock(string value) =>
        Assert.Empty(Helm.Template(Helm.Newest, value).OfKind("PodDisruptionBudget"));

    [Fact]
    public void NoPodMonitorUnlessAskedFor() => Assert.Empty(Helm.Template(Helm.Newest).OfKind("PodMonitor"));

    [Fact]
    public void ThePodMonitorKeepsTheJobsNamespaceAsTheSeriesSayIt()
    {
        var monitor = Helm.Template(Helm.Newest, "podMonitor={\"enabled\":true,\"interval\":\"15s\",\"labels\":{\"release\":\"prometheus\"}}")
            .Single("PodMonitor");
        var endpoint = Assert.Single(monitor.At("spec", "podMetricsEndpoints").EnumerateArray());
        Assert.True(endpoint.At("honorLabels").GetBoolean());
        Assert.Equal("metrics", endpoint.Text("port"));
        Assert.Equal("15s", endpoint.Text("interval"));
        Assert.Equal("prometheus", monitor.Text("metadata", "labels", "release"));
        Assert.Equal("grpo-operator", monitor.Text("spec", "selector", "matchLabels", "app.kubernetes.io/instance"));
    }

    [Fact]
    public void TheServiceFindsTheOperatorsPods()
    {
        var manifests = Helm.Template(Helm.Newest, "metrics.port=9090");
        var service = manifests.Single("Service");
        var port = Assert.Single(service.At("spec", "ports").EnumerateArray());
        Assert.Equal((9090, "metrics"), (port.At("port").GetInt32(), port.Text("targetPort")));
        Assert.Equal(
            manifests.Single("Deployment").At("spec", "selector", "matchLabels").GetRawText(),
            service.At("spec", "selector").GetRawText());
    }

    [Fact]
    public void EveryObjectCarriesTheReleasesLabels() => Assert.All(
        Helm.Template(Helm.Oldest, "podMonitor.enabled=true", "watchNamespaces=[\"team-a\"]").Objects,
        one => Assert.Equal("grpo-operator", one.Text("metadata", "labels", "app.kubernetes.io/instance")));

    // Ports are merged by number and protocol; servers of 1.20 refuse a server-side apply, helm 4's way, without both.
    [Fact]
    public void EveryPortSaysItsProtocol()
    {
        var manifests = Helm.Template(Helm.Oldest);
        var ports = manifests.Container().At("ports").EnumerateArray().Concat(manifests.Single("Service").At("spec", "ports").EnumerateArray()).ToList();
        Assert.Equal(2, ports.Count);
        Assert.All(ports, port => Assert.Equal("TCP", port.Text("protocol")));
    }

    [Fact]
    public void AServerThatIsTooOldIsRefused()
    {
        var result = Helm.TryTemplate("1.19.9");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("kubeVersion", result.Error, StringComparison.Ordinal);
    }
}
