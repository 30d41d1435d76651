using System.Text.Json.Nodes;
using GrpoOperator.Training.Children;

namespace GrpoOperator.Training.Tests.Children;

/// <summary>Volcano's PodGroup, where the operator makes it.</summary>
public sealed class PodGroupTests
{
    private const string SetUid = "5e7c0000-0000-4000-8000-000000000001";

    [Fact]
    public void It_holds_every_pod_and_all_that_they_ask_for()
    {
        var spec = Build("everything", "{}")["spec"]!;
        Assert.Equal(("rl", "high", 2), ((string?)spec["queue"], (string?)spec["priorityClassName"], (int)spec["minMember"]!));
        // Two pods of 128 CPUs (a limit that is no request), one TiB and 16 NPUs.
        Assert.Equal(
            """{"cpu":"256","huawei.com/Ascend910":"32","memory":"2199023255552"}""",
            spec["minResources"]!.ToJsonString());
    }

    [Fact]
    public void Fractions_are_added_up_exactly() => Assert.Equal(
        """{"cpu":"0.6","huawei.com/Ascend910":"32","memory":"1610612736"}""",
        Build("qwen3-30b-a3b", "{workers: {resources: {requests: {cpu: 300m, memory: 0.75Gi}}}}")["spec"]!["minResources"]!.ToJsonString());

    [Fact]
    public void Its_controller_is_the_StatefulSet_and_its_name_the_incarnation_s()
    {
        var metadata = Build("everything", "{}")["metadata"]!;
        var owner = Assert.Single(metadata["ownerReferences"]!.AsArray())!;
        Assert.Equal(("StatefulSet", "everything", SetUid, true), ((string?)owner["kind"], (string?)owner["name"], (string?)owner["uid"], (bool)owner["controller"]!));
        Assert.Equal("everything-3", (string?)metadata["name"]);
    }

    /// <summary>Ascend's plugin reads them there.</summary>
    [Fact]
    public void It_carries_the_placement_that_the_pods_have_the_users_own_first() => Assert.Equal(
        """{"huawei.com/schedule_policy":"chip2-node16-sp","sp-block":"16"}""", Build("everything", "{}")["metadata"]!["annotations"]!.ToJsonString());

    private static JsonObject Build(string sample, string patch)
    {
        var context = patch == "{}" ? ChildSamples.Context(sample) : ChildSamples.Context(sample, patch);
        return PodGroup.Build(context with { Cluster = new ClusterFacts { Volcano = true, PodGroups = true } }, SetUid);
    }
}
