namespace GrpoOperator.Chart.Tests;

public sealed class DeploymentTests
{
    [Fact]
    public void TheOperatorRunsUnderTheRestrictedProfile()
    {
        var manifests = Helm.Template(Helm.Newest);
        var pod = manifests.PodSpec();
        Assert.True(pod.At("securityContext", "runAsNonRoot").GetBoolean());
        Assert.Equal(65532, pod.At("securityContext", "runAsUser").GetInt32());
        Assert.Equal("RuntimeDefault", pod.Text("securityContext", "seccompProfile", "type"));
        Assert.Equal(default, pod.At("hostNetwork"));
        Assert.Equal(default, pod.At("volumes"));

        var context = manifests.Container().At("securityContext");
        Assert.False(context.At("allowPrivilegeEscalation").GetBoolean());
        Assert.True(context.At("readOnlyRootFilesystem").GetBoolean());
        Assert.Equal(["ALL"], context.At("capabilities", "drop").Texts());
        Assert.Equal(default, context.At("capabilities", "add"));
    }

    [Fact]
    public void TheCommandLineSaysEveryValue() => Assert.Equal(
        [
            "run", "--log-level=Information", "--metrics-port=8080", "--leader-elect=true", "--lease-namespace=grpo-system",
            "--lease-name=grpo-operator", "--lease-duration=15", "--renew-deadline=10", "--retry-period=2", "--node-access=true",
            "--network-policy=true", "--volcano-pod-groups=false", "--allow-host-network=false", "--allow-run-as-root=true", "--allow-setup=true",
        ],
        Helm.Template(Helm.Newest).Arguments());

    [Theory]
    [InlineData("logLevel=\"Debug\"", "--log-level=Debug")]
    [InlineData("metrics.port=9090", "--metrics-port=9090")]
    [InlineData("watchNamespaces=[\"a\",\"b\"]", "--namespaces=a,b")]
    [InlineData("nodeAccess=false", "--node-access=false")]
    [InlineData("networkPolicy=false", "--network-policy=false")]
    [InlineData("volcano.podGroups=true", "--volcano-pod-groups=true")]
    [InlineData("allowed.hostPaths=[\"/usr/local/Ascend\",\"/usr/local/dcmi\"]", "--allow-host-paths=/usr/local/Ascend,/usr/local/dcmi")]
    [InlineData("allowed.hostNetwork=true", "--allow-host-network=true")]
    [InlineData("allowed.capabilities=[\"IPC_LOCK\"]", "--allow-capabilities=IPC_LOCK")]
    [InlineData("allowed.runAsRoot=false", "--allow-run-as-root=false")]
    [InlineData("allowed.serviceAccounts=[\"reader\"]", "--allow-service-accounts=reader")]
    [InlineData("allowed.privileged=true", "--allow-privileged=true")]
    [InlineData("allowed.setup=false", "--allow-setup=false")]
    [InlineData("leaderElection.leaseDuration=30", "--lease-duration=30")]
    [InlineData("leaderElection.renewDeadline=12", "--renew-deadline=12")]
    [InlineData("leaderElection.retryPeriod=3", "--retry-period=3")]
    [InlineData("extraArgs=[\"--testing\"]", "--testing")]
    public void AValueReachesTheCommandLine(string value, string argument) =>
        Assert.Contains(argument, Helm.Template(Helm.Newest, value).Arguments());

    [Fact]
    public void AnOperatorKnowsItself()
    {
        var variables = Helm.Template(Helm.Newest).Container().At("env").EnumerateArray()
            .ToDictionary(one => one.Text("name")!, one => one.Text("valueFrom", "fieldRef", "fieldPath"), StringComparer.Ordinal);
        Assert.Equal("metadata.name", variables["POD_NAME"]);
        Assert.Equal("metadata.namespace", variables["POD_NAMESPACE"]);
    }

    [Theory]
    [InlineData("livenessProbe", "/healthz")]
    [InlineData("readinessProbe", "/readyz")]
    public void ProbesAskThePortOfTheMetrics(string probe, string path)
    {
        var container = Helm.Template(Helm.Newest, "metrics.port=9090").Container();
        Assert.Equal(path, container.Text(probe, "httpGet", "path"));
        Assert.Equal("metrics", container.Text(probe, "httpGet", "port"));
        var port = Assert.Single(container.At("ports").EnumerateArray());
        Assert.Equal("metrics", port.Text("name"));
        Assert.Equal(9090, port.At("containerPort").GetInt32());
    }

    [Theory]
    [InlineData("image.tag=\"\"", "docker.io/grpo/grpo-operator:0.1.0")]
    [InlineData("image.tag=\"dev\"", "docker.io/grpo/grpo-operator:dev")]
    [InlineData("image={\"repository\":\"example.org/op\",\"digest\":\"sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\",\"pullPolicy\":\"Always\"}",
        "example.org/op@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void TheImageIsNamedByTagOrDigest(string value, string image) =>
        Assert.Equal(image, Helm.Template(Helm.Newest, value).Container().Text("image"));

    [Fact]
    public void TwoReplicasStandOnDifferentNodesWherePossible()
    {
        var manifests = Helm.Template(Helm.Newest);
        Assert.Equal(2, manifests.Single("Deployment").At("spec", "replicas").GetInt32());
        var spread = Assert.Single(manifests.PodSpec().At("topologySpreadConstraints").EnumerateArray());
        Assert.Equal("ScheduleAnyway", spread.Text("whenUnsatisfiable"));
        Assert.Equal("kubernetes.io/hostname", spread.Text("topologyKey"));
    }

    // Labels in the selector can never change: an upgrade would be refused.
    [Fact]
    public void TheSelectorHoldsNoVersion()
    {
        var selector = Helm.Template(Helm.Newest).Single("Deployment").At("spec", "selector", "matchLabels");
        Assert.Equal(["app.kubernetes.io/name", "app.kubernetes.io/instance"], selector.EnumerateObject().Select(label => label.Name));
    }

    [Fact]
    public void WhatTheAdministratorSetsReachesThePod()
    {
        var manifests = Helm.Template(
            Helm.Newest,
            "imagePullSecrets=[\"registry\"]",
            "priorityClassName=\"system-cluster-critical\"",
            "nodeSelector={\"role\":\"system\"}",
            "tolerations=[{\"key\":\"system\",\"operator\":\"Exists\"}]",
            "affinity={\"nodeAffinity\":{}}",
            "podLabels={\"team\":\"ml\"}",
            "podAnnotations={\"note\":\"x\"}");
        var pod = manifests.PodSpec();
        Assert.Equal("registry", Assert.Single(pod.At("imagePullSecrets").EnumerateArray()).Text("name"));
        Assert.Equal("system-cluster-critical", pod.Text("priorityClassName"));
        Assert.Equal("system", pod.Text("nodeSelector", "role"));
        Assert.Equal("system", Assert.Single(pod.At("tolerations").EnumerateArray()).Text("key"));
        Assert.NotEqual(default, pod.At("affinity", "nodeAffinity"));
        Assert.Equal("ml", manifests.Single("Deployment").Text("spec", "template", "metadata", "labels", "team"));
        Assert.Equal("x", manifests.Single("Deployment").Text("spec", "template", "metadata", "annotations", "note"));
    }
}
