using System.Text.Json.Nodes;

namespace GrpoOperator.Training.Tests.Children;

public sealed class TrainerPodTests
{
    private static readonly string[] Place =
        ["MASTER_ADDR", "MASTER_PORT", "NNODES", "NPROC_PER_NODE", "WORLD_SIZE", "GRPO_ATTEMPT", "GRPO_INCARNATION", "GRPO_RESUME_EPOCH", "GRPO_FENCE_WAIT"];

    private static readonly string[] NeverSet = ["RANK", "LOCAL_RANK", "LOCAL_WORLD_SIZE", "ASCEND_VISIBLE_DEVICES", "GRPO_SEALED"];

    private static JsonObject Set(string sample, string patch = "{}") => ChildSamples.Build(ChildKind.StatefulSet, ChildSamples.Context(sample, patch));

    private static JsonObject Trainer(string sample, string patch = "{}") => ChildSamples.Own(ChildKind.StatefulSet, Set(sample, patch));

    [Fact]
    public void All_pods_start_at_once_and_the_template_touches_replacements_only()
    {
        var spec = Set("qwen3-30b-a3b")["spec"]!;

        Assert.Equal("Parallel", (string?)spec["podManagementPolicy"]);
        Assert.Equal("OnDelete", (string?)spec["updateStrategy"]!["type"]);
        Assert.Equal(2, (int)spec["replicas"]!);
        Assert.Equal(60, (int)spec["template"]!["spec"]!["terminationGracePeriodSeconds"]!);
    }

    [Theory]
    [InlineData("{}", "64")]
    [InlineData("{workers: {npusPerNode: 2, resources: null}}", "10")]
    [InlineData("{workers: {npusPerNode: 8, resources: {requests: {cpu: null}}}}", "32")]
    [InlineData("{workers: {resources: {limits: {cpu: 100}}}}", "64")]
    [InlineData("{workers: {resources: {requests: {cpu: null}, limits: {cpu: 100}}}}", null)]
    [InlineData("{workers: {resources: null, template: {spec: {containers: [{name: trainer, resources: {limits: {cpu: 100}}}]}}}}", null)]
    public void Cpus_are_asked_for_unless_the_job_says_how_many(string patch, string? cpus) =>
        Assert.Equal(cpus, (string?)Trainer("qwen3-30b-a3b", patch)["resources"]!["requests"]!["cpu"]);

    [Theory]
    [InlineData("qwen3-30b-a3b", "{}", "huawei.com/Ascend910", "16")]
    [InlineData("qwen3-30b-a3b", "{workers: {accelerator: hami-a3}}", "huawei.com/Ascend910C", "16")]
    [InlineData("qwen3-30b-a3b", "{workers: {accelerator: custom, resourceName: x.io/npu, npusPerNode: 4}}", "x.io/npu", "4")]
    public void Npus_are_asked_for_whole(string sample, string patch, string resource, string count)
    {
        var resources = Trainer(sample, patch)["resources"]!;

        Assert.Equal(count, (string?)resources["requests"]![resource]);
        Assert.Equal(count, (string?)resources["limits"]![resource]);
    }

    [Theory]
    [InlineData("{}", "4032")]
    [InlineData("{workers: {template: {spec: {containers: [{name: a}, {name: b}]}}}}", "4032")]
    [InlineData("{workers: {template: {spec: {containers: [{name: a}, {name: b}, {name: c}, {name: trainer}]}}}}", "3008")]
    [InlineData("{workers: {template: {spec: {containers: [{name: a}], initContainers: [{name: b}, {name: c}, {name: d}]}}}}", "2393")]
    public void The_message_limit_is_the_pods_share(string patch, string limit) =>
        Assert.Equal(limit, ChildSamples.Variable(Trainer("minimal", patch), "GRPO_MESSAGE_LIMIT"));

    [Fact]
    public void The_jobs_environment_replaces_defaults_and_comes_after_what_it_may_refer_to()
    {
        var env = Trainer("minimal", """{env: [{name: HCCL_EXEC_TIMEOUT, value: "60"}, {name: OWN, value: "$(POD_IP)"}]}""")["env"]!.AsArray().Select(v => (string?)v!["name"]).ToList();

        Assert.Equal(["HCCL_EXEC_TIMEOUT", "OWN"], env[^2..]);
        Assert.Single(env, "HCCL_EXEC_TIMEOUT");
        Assert.Contains("HCCL_CONNECT_TIMEOUT", env);
    }

    [Fact]
    public void A_trainer_knows_its_place()
    {
        var trainer = ChildSamples.Own(ChildKind.StatefulSet, ChildSamples.Build(ChildKind.StatefulSet, ChildSamples.Context("qwen3-30b-a3b")));

        Assert.Equal(
            ["qwen3-30b-a3b-0.qwen3-30b-a3b.team-a.svc", "6379", "2", "16", "32", "2", "3", "1", "0"],
            Place.Select(name => ChildSamples.Variable(trainer, name)));
        Assert.All(
            NeverSet,
            name => Assert.DoesNotContain(trainer["env"]!.AsArray(), v => (string?)v!["name"] == name));
    }

    [Fact]
    public void On_the_hosts_network_ports_are_the_jobs_own_and_pods_keep_apart()
    {
        var context = ChildSamples.Context("host-network");
        var set = ChildSamples.Build(ChildKind.StatefulSet, context);
        var pod = ChildSamples.Template(set)["spec"]!;
        var port = ChildSamples.Variable(ChildSamples.Own(ChildKind.StatefulSet, set), "MASTER_PORT")!;
        var job = JsonNode.Parse((string)ChildSamples.Build(ChildKind.LaunchConfig, context)["data"]!["job.json"]!)!;
        var other = ChildSamples.Own(ChildKind.StatefulSet, ChildSamples.Build(ChildKind.StatefulSet, context with { JobUid = "another" }));

        Assert.Equal("ClusterFirstWithHostNet", (string?)pod["dnsPolicy"]);
        Assert.Equal(["rack", "kubernetes.io/hostname"], pod["affinity"]!["podAntiAffinity"]!["requiredDuringSchedulingIgnoredDuringExecution"]!.AsArray().Select(t => (string?)t!["topologyKey"]));
        Assert.InRange(int.Parse(port, null), 20000, 29999);
        Assert.Equal(port, job["ray"]!["port"]!.ToString());
        Assert.Equal(port, ChildSamples.Build(ChildKind.Service, context)["spec"]!["ports"]![0]!["port"]!.ToString());
        Assert.Contains("--min-worker-port=", job["ray"]!["startArgs"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.NotEqual(port, ChildSamples.Variable(other, "MASTER_PORT"));
    }

    [Theory]
    [InlineData("{}", true, false)]
    [InlineData("{scheduling: {schedulerName: volcano}}", true, true)]
    [InlineData("{scheduling: {schedulerName: volcano}}", false, false)]
    [InlineData("{scheduling: {schedulerName: volcano, gang: Operator}}", true, false)]
    [InlineData("{scheduling: {gang: Volcano}}", false, true)]
    public void Volcanos_annotations_are_there_when_it_starts_the_gang(string patch, bool installed, bool annotated)
    {
        var set = ChildSamples.Build(ChildKind.StatefulSet, ChildSamples.Context("qwen3-30b-a3b", patch) with { Cluster = new ClusterFacts { Volcano = installed } });
        var template = ChildSamples.Template(set);

        Assert.Equal(annotated ? "2" : null, (string?)set["metadata"]!["annotations"]?["scheduling.volcano.sh/group-min-member"]);
        Assert.Equal(annotated ? "chip2-node16" : null, (string?)template["metadata"]!["annotations"]!["huawei.com/schedule_policy"]);
        Assert.Null(template["metadata"]!["annotations"]!["sp-block"]);
        Assert.True(!annotated || (string?)template["spec"]!["schedulerName"] == "volcano");
    }

    [Fact]
    public void Where_PodGroups_are_made_the_gang_is_theirs_alone()
    {
        var context = ChildSamples.Context("qwen3-30b-a3b", "{scheduling: {gang: Volcano}}") with { Cluster = new ClusterFacts { PodGroups = true } };
        var set = ChildSamples.Build(ChildKind.StatefulSet, context);
        Assert.Null(set["metadata"]!["annotations"]);
        Assert.Equal("qwen3-30b-a3b-3", (string?)ChildSamples.Template(set)["metadata"]!["annotations"]!["scheduling.k8s.io/group-name"]);
    }

    [Fact]
    public void A_super_pod_holds_the_whole_job() =>
        Assert.Equal("32", (string?)ChildSamples.Template(ChildSamples.Build(ChildKind.StatefulSet, ChildSamples.Context("super-pod")))["metadata"]!["annotations"]!["sp-block"]);
}
