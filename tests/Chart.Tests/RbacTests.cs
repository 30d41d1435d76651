using System.Text.Json;

namespace GrpoOperator.Chart.Tests;

public sealed class RbacTests
{
    // All that the operator may do to a job and its children, and nothing else.
    private static readonly string[] JobRights =
    [
        "grpo-operator.dev/grpotrainingjobs: delete get list watch",
        "grpo-operator.dev/grpotrainingjobs/status: patch",
        "apps/statefulsets: create delete get list patch watch",
        "batch/jobs: create delete get list watch",
        "/configmaps: create delete get list watch",
        "/services: create get list patch watch",
        "networking.k8s.io/networkpolicies: create get list watch",
        "/pods: delete get list watch",
        "/pods/log: get",
        "/persistentvolumeclaims: get",
        "/events: create get list patch watch",
    ];

    private const string NodeRight = "/nodes: get list watch";
    private static readonly string[] Watched = ["team-a", "team-b"];

    [Fact]
    public void TheClusterRoleIsWhatTheOperatorUses() => Assert.Equal(
        [.. JobRights, NodeRight],
        Rights(Helm.Template(Helm.Newest).Single("ClusterRole", "grpo-operator")));

    [Fact]
    public void PodGroupsAreMadeWhereTheyAreWanted() => Assert.Equal(
        ["scheduling.volcano.sh/podgroups: create"],
        Rights(Helm.Template(Helm.Newest, "volcano.podGroups=true").Single("ClusterRole", "grpo-operator")).Except([.. JobRights, NodeRight]));

    [Fact]
    public void WithoutNodeAccessNodesAreNotRead()
    {
        var manifests = Helm.Template(Helm.Newest, "nodeAccess=false");
        Assert.Equal(JobRights, Rights(manifests.Single("ClusterRole", "grpo-operator")));
        Assert.DoesNotContain(manifests.OfKind("Role"), role => role.Text("metadata", "namespace") == "kube-node-lease");
    }

    [Fact]
    public void WatchedNamespacesGetARoleEachAndTheClusterNone()
    {
        var manifests = Helm.Template(Helm.Newest, "watchNamespaces=[\"team-a\",\"team-b\"]", "nodeAccess=false", "rbac.aggregate=false");
        Assert.Empty(manifests.OfKind("ClusterRole"));
        Assert.Empty(manifests.OfKind("ClusterRoleBinding"));
        var roles = manifests.OfKind("Role").Where(role => role.Text("metadata", "name") == "grpo-operator").ToList();
        Assert.Equal(Watched, roles.Select(role => role.Text("metadata", "namespace")));
        Assert.All(roles, role => Assert.Equal(JobRights, Rights(role)));
    }

    [Fact]
    public void WatchedNamespacesWithNodeAccessReadNodesOnlyInTheCluster()
    {
        var manifests = Helm.Template(Helm.Newest, "watchNamespaces=[\"team-a\"]");
        Assert.Equal([NodeRight], Rights(manifests.Single("ClusterRole", "grpo-operator")));
    }

    // The one right without a name is a create, which can't have one.
    [Fact]
    public void ItsOwnLeaseIsTheOnlyOneThatItChanges()
    {
        var role = Helm.Template(Helm.Newest).Single("Role", "grpo-operator-leader");
        Assert.Equal("grpo-system", role.Text("metadata", "namespace"));
        Assert.Equal(["coordination.k8s.io/leases: create", "coordination.k8s.io/leases[grpo-operator]: get patch"], Rights(role));
    }

    [Fact]
    public void NodeLeasesAreReadWhereTheyAre()
    {
        var role = Helm.Template(Helm.Newest).Single("Role", "grpo-operator-node-leases");
        Assert.Equal("kube-node-lease", role.Text("metadata", "namespace"));
        Assert.Equal(["coordination.k8s.io/leases: get"], Rights(role));
    }

    [Theory]
    [InlineData("nodeAccess=true")]
    [InlineData("watchNamespaces=[\"team-a\"]")]
    public void NoRoleMakesPodsReadsSecretsOrHasAWildcard(string values)
    {
        var manifests = Helm.Template(Helm.Newest, values);
        var rights = manifests.OfKind("ClusterRole").Concat(manifests.OfKind("Role")).SelectMany(Rights).ToList();
        Assert.NotEmpty(rights);
        Assert.DoesNotContain(rights, right => right.Contains('*', StringComparison.Ordinal));
        Assert.DoesNotContain(rights, right => right.StartsWith("/secrets", StringComparison.Ordinal));
        Assert.DoesNotContain(rights, right => right.StartsWith("/pods", StringComparison.Ordinal) && right.Contains("create", StringComparison.Ordinal));
        Assert.DoesNotContain(rights, right => right.Contains("/exec", StringComparison.Ordinal));
    }

    [Fact]
    public void EveryBindingNamesTheOperatorsAccountAndARoleOfTheChart()
    {
        var manifests = Helm.Template(Helm.Newest, "watchNamespaces=[\"team-a\"]");
        var bindings = manifests.OfKind("RoleBinding").Concat(manifests.OfKind("ClusterRoleBinding")).ToList();
        Assert.Equal(4, bindings.Count);
        Assert.All(bindings, binding =>
        {
            var subject = Assert.Single(binding.At("subjects").EnumerateArray());
            Assert.Equal(("ServiceAccount", "grpo-operator", "grpo-system"), (subject.Text("kind"), subject.Text("name"), subject.Text("namespace")));
            Assert.Contains(manifests.OfKind(binding.Text("roleRef", "kind")!), role =>
                role.Text("metadata", "name") == binding.Text("roleRef", "name") &&
                role.Text("metadata", "namespace") == binding.Text("metadata", "namespace"));
        });
        Assert.Equal("grpo-operator", manifests.PodSpec().Text("serviceAccountName"));
    }

    [Fact]
    public void UsersGetTheirRightsByTheClustersOwnRoles()
    {
        var manifests = Helm.Template(Helm.Newest);
        var view = manifests.Single("ClusterRole", "grpo-operator-view");
        Assert.Equal("true", view.Text("metadata", "labels", "rbac.authorization.k8s.io/aggregate-to-view"));
        Assert.Equal("true", manifests.Single("ClusterRole", "grpo-operator-edit").Text("metadata", "labels", "rbac.authorization.k8s.io/aggregate-to-edit"));
        Assert.All(Rights(view), right => Assert.EndsWith(": get list watch", right, StringComparison.Ordinal));
    }

    [Fact]
    public void RolesCanBeLeftToOthers()
    {
        var manifests = Helm.Template(Helm.Newest, "rbac.create=false", "serviceAccount={\"create\":false,\"name\":\"given\"}");
        Assert.DoesNotContain(manifests.Objects, one => one.Text("kind")!.Contains("Role", StringComparison.Ordinal));
        Assert.Empty(manifests.OfKind("ServiceAccount"));
        Assert.Equal("given", manifests.PodSpec().Text("serviceAccountName"));
    }

    // One line a rule and resource: group/resource[names]: verbs in order.
    private static IEnumerable<string> Rights(JsonElement role) =>
        from rule in role.At("rules").EnumerateArray()
        from @group in rule.At("apiGroups").Texts()
        from resource in rule.At("resources").Texts()
        let names = string.Join(',', rule.At("resourceNames").Texts())
        let verbs = string.Join(' ', rule.At("verbs").Texts().Order(StringComparer.Ordinal))
        select $"{@group}/{resource}{(names.Length == 0 ? "" : $"[{names}]")}: {verbs}";
}
