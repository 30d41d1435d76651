using System.Text.Json;
using GrpoOperator.Crds;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Tests.Verl.Rules;

/// <summary>Each value of the chart's <c>allowed</c>: without it a job is refused, and told of it; with it the job is as good as any.</summary>
public sealed class AllowedPodFieldsTests
{
    private static readonly AllowedPodFields Paths = new() { HostPaths = ["/usr/local/Ascend/driver", "/mnt/nvme/"] };
    private static readonly AllowedPodFields Network = new() { HostNetwork = true };
    private static readonly AllowedPodFields Privileged = new() { Privileged = true };
    private static readonly AllowedPodFields Capabilities = new() { Capabilities = ["IPC_LOCK", "SYS_NICE"] };
    private static readonly AllowedPodFields Accounts = new() { ServiceAccounts = ["reader"] };

    public static TheoryData<Permission> Permissions => [.. Needed];

    private static Permission[] Needed =>
    [
        new(HostPath("/usr/local/Ascend/driver"), RuleNames.HostPathNotAllowed, "hostPaths", Paths),
        new(HostPath("/usr/local/Ascend/driver/lib64/"), RuleNames.HostPathNotAllowed, "hostPaths", Paths),
        new(HostPath("/mnt//nvme"), RuleNames.HostPathNotAllowed, "hostPaths", Paths),
        new("workers: {hostNetwork: true}", RuleNames.HostNamespace, "hostNetwork", Network),
        new("workers: {template: {spec: {containers: [{name: trainer, securityContext: {privileged: true}}]}}}", RuleNames.PrivilegedNotAllowed, "privileged", Privileged),
        new("workers: {template: {spec: {securityContext: {seccompProfile: {type: Unconfined}, sysctls: [{name: kernel.msgmax, value: '1'}]}}}}", RuleNames.PrivilegedNotAllowed, "privileged", Privileged),
        new("workers: {template: {spec: {containers: [{name: trainer, volumeMounts: [{name: data, mountPath: /d, mountPropagation: Bidirectional}]}]}}}", RuleNames.PrivilegedNotAllowed, "privileged", Privileged),
        new("workers: {template: {spec: {containers: [{name: trainer, securityContext: {capabilities: {add: [IPC_LOCK, SYS_NICE]}}}]}}}", RuleNames.CapabilityNotAllowed, "capabilities", Capabilities),
        new("workers: {template: {spec: {serviceAccountName: reader, automountServiceAccountToken: true}}}", RuleNames.ServiceAccountNotAllowed, "serviceAccounts", Accounts),
        new("workers: {template: {spec: {serviceAccount: reader, volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: t}}]}}]}}}", RuleNames.ServiceAccountNotAllowed, "serviceAccounts", Accounts),
        new("workers: {template: {spec: {containers: [{name: trainer, securityContext: {runAsUser: 0, runAsNonRoot: false}}]}}}", RuleNames.RootNotAllowed, "runAsRoot", new()) { Without = new() { RunAsRoot = false } },
        new("launch: {setup: 'export A=1'}", RuleNames.SetupNotAllowed, "setup", new()) { Without = new() { Setup = false } },
    ];

    [Theory]
    [MemberData(nameof(Permissions))]
    public void What_the_administrator_permits_is_accepted_and_refused_otherwise(Permission permission)
    {
        var refused = RuleCase.Findings("minimal", permission.Patch, permission.Rule, permission.Without);
        Assert.NotEmpty(refused);
        Assert.All(refused, finding => Assert.Equal(FindingSeverity.Error, finding.Severity));
        Assert.Contains(refused, finding => finding.Message.Contains($"the chart value allowed.{permission.Chart}", StringComparison.Ordinal));

        Assert.DoesNotContain(SpecRules.Check(Samples.Spec("minimal", permission.Patch), Samples.Namespace, "job", new ClusterFacts { Allowed = permission.With }), finding => finding.Severity == FindingSeverity.Error);
    }

    [Theory]
    [InlineData("/usr/local/Ascend/driver2")]
    [InlineData("/usr/local/Ascend")]
    [InlineData("/usr/local/Ascend/driver/../../../../etc")]
    [InlineData("/usr/local/Ascend/./driver")]
    [InlineData("usr/local/Ascend/driver")]
    [InlineData("/")]
    [InlineData("")]
    public void A_host_path_counts_by_whole_segments(string path) =>
        Assert.Contains("they are /usr/local/Ascend/driver, /mnt/nvme/", Assert.Single(RuleCase.Findings("minimal", HostPath(path), RuleNames.HostPathNotAllowed, Paths)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("hostPath: {path: /mnt/nvme, type: DirectoryOrCreate}", "readOnly: true", "hostPath.type \"DirectoryOrCreate\"")]
    [InlineData("hostPath: {path: /mnt/nvme/docker.sock, type: Socket}", "readOnly: true", "hostPath.type \"Socket\"")]
    [InlineData("hostPath: {path: /mnt/nvme}", "readOnly: false", "readOnly false")]
    [InlineData("hostPath: {path: /mnt/nvme}", "readOnly: 'true'", "is not true")]
    [InlineData("hostPath: {path: /mnt/nvme}", "subPath: x", "host paths are mounted read-only")]
    public void A_permitted_host_path_is_still_only_read(string volume, string mount, string says)
    {
        var patch = $"workers: {{template: {{spec: {{volumes: [{{name: h, {volume}}}], containers: [{{name: side, volumeMounts: [{{name: h, mountPath: /h, {mount}}}]}}]}}}}}}";
        Assert.Contains(RuleCase.Findings("minimal", patch, RuleNames.HostPathNotAllowed, Paths), finding => finding.Message.Contains(says, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[IPC_LOCK, SYS_ADMIN]", "\"SYS_ADMIN\"")]
    [InlineData("[CAP_IPC_LOCK]", "\"CAP_IPC_LOCK\"")]
    [InlineData("[ipc_lock]", "\"ipc_lock\"")]
    [InlineData("[ALL]", "\"ALL\"")]
    public void Only_the_capabilities_that_are_named_are_permitted(string added, string says) => Assert.Contains(says, Assert.Single(RuleCase.Findings(
        "minimal", $"workers: {{template: {{spec: {{containers: [{{name: trainer, securityContext: {{capabilities: {{add: {added}}}}}}}]}}}}}}", RuleNames.CapabilityNotAllowed, Capabilities)).Message, StringComparison.Ordinal);

    // Its own decision, of paths that no user chose: nothing needs to be allowed for them.
    [Fact]
    public void Driver_mounts_work_by_the_operators_own_decision()
    {
        foreach (var sample in (string[])["minimal", "qwen3-30b-a3b"])
            Assert.Empty(SpecRules.Check(Samples.Spec(sample, "workers: {driverMounts: true}"), Samples.Namespace, "job"));
    }

    [Fact]
    public void One_volume_of_every_pod_is_one_breach_that_names_them_all() =>
        Assert.Contains("in the pods of workers, inspection, data.prepare, conversion does not lie", Assert.Single(RuleCase.Findings(
            "qwen3-30b-a3b", "volumes: [{name: weights, hostPath: {path: /srv}}, {name: data, persistentVolumeClaim: {claimName: data}}]\nvolumeMounts: [{name: weights, mountPath: /weight, readOnly: true}, {name: data, mountPath: /data}]", RuleNames.HostPathNotAllowed)).Message, StringComparison.Ordinal);

    [Fact]
    public void Where_root_is_forbidden_a_plain_job_says_that_it_is_not_root()
    {
        var allowed = new AllowedPodFields { RunAsRoot = false };
        foreach (var sample in Samples.Names)
            Assert.Empty(SpecRules.Check(Samples.Spec(sample), Samples.Namespace, "job", new ClusterFacts { Allowed = allowed }));
        Assert.NotEmpty(RuleCase.Findings("minimal", "workers: {template: {spec: {securityContext: {runAsNonRoot: false}}}}", RuleNames.RootNotAllowed, allowed));
    }

    // Null takes away what the operator set; a merge patch can't say it, a user's YAML can.
    [Theory]
    [InlineData("""{"spec":{"automountServiceAccountToken":null}}""", RuleNames.ServiceAccountNotAllowed)]
    [InlineData("""{"spec":{"volumes":null}}""", RuleNames.TemplateForm)]
    [InlineData("""{"spec":{"containers":null}}""", RuleNames.TemplateForm)]
    [InlineData("""{"spec":null}""", RuleNames.TemplateForm)]
    [InlineData("""{"metadata":null}""", RuleNames.TemplateForm)]
    [InlineData("""{"metadata":{"labels":null}}""", RuleNames.TemplateForm)]
    [InlineData("""{"metadata":{"labels":{"grpo-operator.dev/job-uid":null}}}""", RuleNames.TemplateMetadata)]
    [InlineData("""[]""", RuleNames.TemplateForm)]
    public void Nothing_that_is_taken_away_goes_unseen(string template, string rule)
    {
        var spec = Samples.Spec("minimal");
        spec = spec with { Workers = spec.Workers with { Template = JsonDocument.Parse(template).RootElement } };
        Assert.Contains(SpecRules.Check(spec, Samples.Namespace, "job"), finding => finding.Rule == rule && finding.Severity == FindingSeverity.Error);
    }

    [Fact]
    public void The_rules_of_pods_can_not_be_ignored() =>
        Assert.All(PodRules.All, rule => Assert.True(SpecRules.IsStructural(rule.Name)));

    [Fact]
    public void The_documents_table_is_the_list_of_rules()
    {
        var rows = File.ReadAllLines(TestFiles.PathOf("docs", "pods.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]);
        Assert.Equal(PodRules.All.Select(rule => rule.Name), rows);
    }

    private static string HostPath(string path) => $"workers: {{template: {{spec: {{volumes: [{{name: h, hostPath: {{path: '{path}'}}}}], containers: [{{name: trainer, volumeMounts: [{{name: h, mountPath: /h, readOnly: true}}]}}]}}}}}}";

    /// <summary>A patch that needs leave, and the chart value that gives it.</summary>
    public sealed record Permission(string Patch, string Rule, string Chart, AllowedPodFields With)
    {
        public AllowedPodFields Without { get; init; } = new();

        public override string ToString() => $"{Chart}: {Patch}";
    }
}
