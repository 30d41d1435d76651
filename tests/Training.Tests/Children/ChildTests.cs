using System.Text.Json.Nodes;

namespace GrpoOperator.Training.Tests.Children;

/// <summary>What holds for the children of every job.</summary>
public sealed class ChildTests
{
    private static readonly ChildKind[] WithPods = [ChildKind.InspectionJob, ChildKind.DataJob, ChildKind.ConversionJob, ChildKind.StatefulSet];

    public static TheoryData<string> Names => [.. ChildSamples.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_context_gives_the_same_bytes(string name) => Assert.All(
        ChildSamples.Children(ChildSamples.Context(name)),
        c => Assert.Equal(c.Child.ToJsonString(), ChildSamples.Build(c.Kind, ChildSamples.Context(name)).ToJsonString()));

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_child_is_named_labelled_and_owned_by_the_job(string name)
    {
        var context = ChildSamples.Context(name);
        foreach (var (kind, child) in ChildSamples.Children(context))
        {
            var metadata = child["metadata"]!;
            Assert.Equal(Training.Names.Of(kind, name), (string?)metadata["name"]);
            Assert.Equal(context.JobUid, (string?)metadata["labels"]![Labels.JobUid]);
            var owner = Assert.Single(metadata["ownerReferences"]!.AsArray())!;
            Assert.Equal(context.JobUid, (string?)owner["uid"]);
            Assert.True((bool)owner["controller"]!);
            Assert.Null(owner["blockOwnerDeletion"]);
            Assert.Null(metadata["finalizers"]);
            Assert.Equal(kind is ChildKind.StatefulSet or ChildKind.InspectionJob or ChildKind.DataJob or ChildKind.ConversionJob ? "3" : null, (string?)metadata["labels"]![Labels.Incarnation]);
            Assert.Equal(kind is ChildKind.StatefulSet ? "2" : null, (string?)metadata["labels"]![Labels.Attempt]);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_pod_has_no_token_no_service_links_and_each_variable_and_mount_once(string name)
    {
        foreach (var (kind, child) in ChildSamples.Children(ChildSamples.Context(name)).Where(c => WithPods.Contains(c.Kind)))
        {
            var template = ChildSamples.Template(child);
            var main = ChildSamples.Own(kind, child);
            Assert.False((bool)template["spec"]!["automountServiceAccountToken"]!);
            Assert.False((bool)template["spec"]!["enableServiceLinks"]!);
            Assert.Equal("false", (string?)template["metadata"]!["annotations"]!["cluster-autoscaler.kubernetes.io/safe-to-evict"]);
            Assert.Equal(["/bin/bash", "/etc/grpo/launch.sh"], main["command"]!.AsArray().Take(2).Select(c => (string?)c));
            Once(main["env"]!.AsArray(), "name");
            Once(main["volumeMounts"]!.AsArray(), "mountPath");
            Once(template["spec"]!["volumes"]!.AsArray(), "name");
            var volumes = template["spec"]!["volumes"]!.AsArray().Select(v => (string?)v!["name"]);
            Assert.Empty(main["volumeMounts"]!.AsArray().Select(m => (string?)m!["name"]).Except(volumes));
        }

        static void Once(JsonArray list, string key) => Assert.Equal(list.Count, list.Select(i => (string?)i![key]).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Selectors_find_this_incarnations_trainers_and_nobody_else(string name)
    {
        var context = ChildSamples.Context(name);
        var set = ChildSamples.Build(ChildKind.StatefulSet, context);
        var selectors = new[] { set["spec"]!["selector"]!["matchLabels"]!, ChildSamples.Build(ChildKind.Service, context)["spec"]!["selector"]! };
        var trainer = ChildSamples.Template(set)["metadata"]!["labels"]!;
        var earlier = ChildSamples.Template(ChildSamples.Build(ChildKind.StatefulSet, context with { Incarnation = 2 }))["metadata"]!["labels"]!;
        var namesake = ChildSamples.Template(ChildSamples.Build(ChildKind.StatefulSet, context with { JobUid = "another" }))["metadata"]!["labels"]!;
        var converter = ChildSamples.Template(ChildSamples.Build(ChildKind.ConversionJob, context))["metadata"]!["labels"]!;

        Assert.All(selectors, s => Assert.True(Selects(s, trainer)));
        Assert.All(selectors, s => Assert.All(new[] { earlier, namesake, converter }, l => Assert.False(Selects(s, l))));

        static bool Selects(JsonNode selector, JsonNode labels) => selector.AsObject().All(s => JsonNode.DeepEquals(labels[s.Key], s.Value));
    }

    [Fact]
    public void A_network_policy_lets_in_the_jobs_own_pods_only()
    {
        var policy = ChildSamples.Build(ChildKind.NetworkPolicy, ChildSamples.Context("minimal"))["spec"]!;

        Assert.True(JsonNode.DeepEquals(policy["podSelector"], Assert.Single(Assert.Single(policy["ingress"]!.AsArray())!["from"]!.AsArray())!["podSelector"]));
        Assert.Equal(["Ingress"], policy["policyTypes"]!.AsArray().Select(t => (string?)t));
    }

    [Fact]
    public void Kueues_labels_and_no_others_go_to_what_is_queued()
    {
        foreach (var (kind, child) in ChildSamples.Children(ChildSamples.Context("everything")))
        {
            var labels = child["metadata"]!["labels"]!;
            Assert.Equal(kind is ChildKind.StatefulSet or ChildKind.DataJob or ChildKind.ConversionJob ? "rl" : null, (string?)labels[Labels.KueueQueue]);
            Assert.Null(labels["other"]);
        }
    }
}
