using System.Text.Json.Nodes;
using GrpoOperator.Crds;

namespace GrpoOperator.Training.Tests.Children;

public sealed class BatchPodTests
{
    private static readonly ChildKind[] Jobs = [ChildKind.InspectionJob, ChildKind.DataJob, ChildKind.ConversionJob];

    private static JsonObject Child(ChildKind kind, string name) => ChildSamples.Build(kind, ChildSamples.Context(name));

    [Fact]
    public void Jobs_run_once_where_and_as_whom_the_workers_run()
    {
        foreach (var kind in Jobs)
        {
            var job = Child(kind, "everything");
            var pod = ChildSamples.Template(job)["spec"]!;
            Assert.Equal(0, (int)job["spec"]!["backoffLimit"]!);
            Assert.Equal("Never", (string?)pod["restartPolicy"]);
            Assert.Equal("0123456789abcdef.1", (string?)job["metadata"]!["annotations"]![Labels.Try]);
            Assert.Equal("arm64", (string?)pod["nodeSelector"]!["kubernetes.io/arch"]);
            Assert.Equal(1000, (int)pod["securityContext"]!["fsGroup"]!);
            Assert.Equal(0, (int)ChildSamples.Own(kind, job)["securityContext"]!["runAsUser"]!);
            Assert.Equal(["pull", "second"], pod["imagePullSecrets"]!.AsArray().Select(s => (string?)s!["name"]));
            Assert.Equal("volcano", (string?)pod["schedulerName"]);
            Assert.Equal("high", (string?)pod["priorityClassName"]);
            Assert.Null(pod["fieldOfTheFuture"]);
            Assert.Null(pod["initContainers"]);
            Assert.Single(pod["containers"]!.AsArray());
        }
    }

    [Fact]
    public void A_jobs_own_overlay_goes_over_the_workers()
    {
        Assert.Empty(ChildSamples.Template(Child(ChildKind.DataJob, "everything"))["spec"]!["tolerations"]!.AsArray());
        Assert.Single(ChildSamples.Template(Child(ChildKind.ConversionJob, "everything"))["spec"]!["tolerations"]!.AsArray());
        Assert.Equal("x", ChildSamples.Variable(ChildSamples.Own(ChildKind.InspectionJob, Child(ChildKind.InspectionJob, "everything")), "MORE"));
    }

    [Theory]
    [InlineData(ChildKind.InspectionJob, "look-image", null)]
    [InlineData(ChildKind.DataJob, "data-image", "data-image")]
    [InlineData(ChildKind.ConversionJob, "convert-image", "convert-image")]
    public void A_job_has_its_own_image_and_records_what_made_something(ChildKind kind, string image, string? recorded)
    {
        var main = ChildSamples.Own(kind, Child(kind, "everything"));

        Assert.Equal(image, (string?)main["image"]);
        Assert.Equal(recorded, ChildSamples.Variable(main, "GRPO_IMAGE"));
    }

    [Fact]
    public void Only_the_conversion_uses_devices()
    {
        foreach (var name in (string[])["everything", "hami", "qwen3-30b-a3b"])
        {
            foreach (var kind in Jobs)
            {
                var job = Child(kind, name);
                var main = ChildSamples.Own(kind, job);
                var uses = kind == ChildKind.ConversionJob;
                Assert.Equal(uses, main["resources"]?["limits"]?.AsObject().Any(r => r.Key.StartsWith("huawei.com/", StringComparison.Ordinal)) == true);
                Assert.Equal(uses && name != "qwen3-30b-a3b" ? "ascend" : null, (string?)ChildSamples.Template(job)["spec"]!["runtimeClassName"]);
                Assert.Equal(uses && name == "everything", ChildSamples.Template(job)["spec"]!["volumes"]!.AsArray().Any(v => (string?)v!["name"] == "grpo-driver"));
                Assert.DoesNotContain(ChildSamples.Template(job)["spec"]!["volumes"]!.AsArray(), v => (string?)v!["name"] == "grpo-shm");
            }
        }
    }

    [Theory]
    [InlineData("qwen3-30b-a3b", "1")]
    [InlineData("hami", "2")]
    [InlineData("everything", "2")]
    public void The_conversion_asks_for_the_least_that_is_handed_out(string name, string npus)
    {
        var limits = ChildSamples.Own(ChildKind.ConversionJob, Child(ChildKind.ConversionJob, name))["resources"]!["limits"]!.AsObject();

        Assert.Equal(npus, (string?)limits.Single(r => r.Key.StartsWith("huawei.com/", StringComparison.Ordinal)).Value);
    }

    [Fact]
    public void The_conversion_is_placed_as_workers_are_but_is_no_member_of_their_gang()
    {
        var annotations = ChildSamples.Template(Child(ChildKind.ConversionJob, "everything"))["metadata"]!["annotations"]!.AsObject();

        Assert.Equal("chip2-node16-sp", (string?)annotations["huawei.com/schedule_policy"]);
        Assert.Equal("rl", (string?)annotations["scheduling.volcano.sh/queue-name"]);
        Assert.False(annotations.ContainsKey("sp-block") || annotations.ContainsKey("huawei.com/schedule_minAvailable"));
        Assert.Equal(["cluster-autoscaler.kubernetes.io/safe-to-evict"], ChildSamples.Template(Child(ChildKind.InspectionJob, "everything"))["metadata"]!["annotations"]!.AsObject().Select(a => a.Key));
    }

    // The Job's pod has a network of its own, where the host's interface and ports mean nothing.
    [Fact]
    public void The_conversion_stays_off_the_hosts_network()
    {
        var job = Child(ChildKind.ConversionJob, "host-network");
        var names = ChildSamples.Own(ChildKind.ConversionJob, job)["env"]!.AsArray().Select(v => (string?)v!["name"]).ToList();

        Assert.Null(ChildSamples.Template(job)["spec"]!["hostNetwork"]);
        Assert.Contains("HCCL_CONNECT_TIMEOUT", names);
        Assert.DoesNotContain("HCCL_IF_IP", names);
        Assert.DoesNotContain("HCCL_SOCKET_IFNAME", names);
    }

    [Theory]
    [InlineData("conversion: null", 61_064_245_248, "114Gi")]
    [InlineData("conversion: null", 1000L, "1Gi")]
    [InlineData("conversion: null", null, null)]
    [InlineData("conversion: {resources: {requests: {memory: 192Gi}}}", 61_064_245_248, "192Gi")]
    [InlineData("conversion: {resources: {requests: null, limits: {memory: 300Gi}}}", 61_064_245_248, null)]
    public void The_converter_asks_for_twice_the_models_weights_unless_the_job_says_otherwise(string patch, long? weightBytes, string? requested)
    {
        var context = ChildSamples.Context("qwen3-30b-a3b", patch) with { Inspection = new InspectionStatus { WeightBytes = weightBytes } };
        Assert.Equal(requested, (string?)ChildSamples.Own(ChildKind.ConversionJob, ChildSamples.Build(ChildKind.ConversionJob, context))["resources"]!["requests"]!["memory"]);
    }
}
