using System.Text.Json.Nodes;
using GrpoOperator.Crds;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;
using GrpoOperator.Operator.Reconcile;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>Volcano's PodGroups on a real API server. Volcano itself is not here: only its resource is, without a schema.</summary>
public sealed class PodGroupTests
{
    [ClusterFact]
    public async Task Each_incarnation_has_a_PodGroup_that_goes_with_its_StatefulSet()
    {
        await DefineAsync();
        await using var @namespace = await TestNamespace.CreateAsync("podgroup", volumes: false);
        await using var hand = await Hand.StartAsync(@namespace);
        hand.Finishes = false;
        await using var @operator = await InProcessOperator.StartAsync(@namespace, podGroups: true);
        const string Spec = "spec: {scheduling: {gang: Volcano, schedulerName: by-hand}, data: {prepare: null}, workers: {nodes: 2}, failurePolicy: {backoff: {initialSeconds: 1, maxSeconds: 1}}}";
        // Held at first: a group is made while its pods wait.
        hand.BindsRank = rank => rank < 0;
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Small("job", 3, Spec));
        var group = await GroupAsync(@namespace, "job-1");
        var set = (await Kube.GetAsync(ApiResources.StatefulSets, @namespace.Name, "job"))!;
        Assert.Equal(Kube.Text(set, "metadata", "uid"), Kube.Text(group["metadata"]!["ownerReferences"]![0], "uid"));
        Assert.Equal(("2", "4"), (Kube.Text(group, "spec", "minMember"), Kube.Text(group, "spec", "minResources", "huawei.com/Ascend910")));
        Assert.All(await job.PodsAsync(), pod => Assert.Equal("job-1", Kube.Text(pod, "metadata", "annotations", "scheduling.k8s.io/group-name")));

        hand.BindsRank = _ => true;
        await job.ReachesAsync(JobPhase.Running);
        await hand.EndRankAsync(job, 0, 139, Hand.Killed);
        await GroupAsync(@namespace, "job-2");
        await Eventually.BeTrueAsync(async () => await Kube.GetAsync(Resources.PodGroups, @namespace.Name, "job-1") is null, TimeSpan.FromSeconds(60), "the first incarnation's group is gone");
        hand.Finishes = true;
        var status = await job.ReachesAsync(JobPhase.Succeeded);
        Assert.Equal((1, 2), (status.Restarts, status.Incarnation));
    }

    private static Task<JsonObject> GroupAsync(TestNamespace @namespace, string name) =>
        Eventually.SeeAsync(() => Kube.GetAsync(Resources.PodGroups, @namespace.Name, name), TimeSpan.FromSeconds(60), $"PodGroup {name} is there");

    /// <summary>It stays: a cluster that is made for tests goes as a whole, and another may have Volcano's own.</summary>
    private static async Task DefineAsync()
    {
        if (await Kube.GetAsync(ApiResources.CustomResourceDefinitions, string.Empty, "podgroups.scheduling.volcano.sh") is not null) return;
        await Kube.CreateAsync(ApiResources.CustomResourceDefinitions, null, JsonNode.Parse("""
            {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "podgroups.scheduling.volcano.sh"},
             "spec": {"group": "scheduling.volcano.sh", "scope": "Namespaced", "names": {"plural": "podgroups", "singular": "podgroup", "kind": "PodGroup"},
              "versions": [{"name": "v1beta1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}]}}
            """)!);
        await Eventually.BeTrueAsync(() => Kube.IsServedAsync("apis/scheduling.volcano.sh/v1beta1/podgroups"), TimeSpan.FromSeconds(30), "PodGroups are served");
    }
}
