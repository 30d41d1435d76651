using System.Text.Json.Nodes;
using GrpoOperator.Crds;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>What bears our names or our labels but is not ours is never used, changed or removed.</summary>
public sealed class OwnershipTests
{
    [ClusterFact]
    public async Task A_Job_of_somebody_else_under_our_name_is_named_and_left_alone()
    {
        await using var @namespace = await TestNamespace.CreateAsync("their-job", volumes: false);
        await using var hand = await Hand.StartAsync(@namespace);
        var theirs = await Kube.CreateAsync(ApiResources.Jobs, @namespace.Name, JsonNode.Parse("""
            {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "job-inspect"}, "spec": {"parallelism": 0, "template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "x"}]}}}}
            """)!);
        await using var @operator = await InProcessOperator.StartAsync(@namespace);
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Small("job", 3, Hand.Job));
        var condition = await job.SaysAsync(ConditionTypes.Inspected, Reasons.ChildNameConflict);
        Assert.Contains("Job job-inspect", condition.Message, StringComparison.Ordinal);
        Assert.Equal(Kube.Text(theirs, "metadata", "uid"), Kube.Text(await Kube.GetAsync(ApiResources.Jobs, @namespace.Name, "job-inspect"), "metadata", "uid"));

        await Kube.DeleteAsync(ApiResources.Jobs, @namespace.Name, "job-inspect");
        await job.ReachesAsync(JobPhase.Succeeded);
    }

    [ClusterFact]
    public async Task A_data_Job_of_somebody_else_is_named_too()
    {
        await using var @namespace = await TestNamespace.CreateAsync("their-data", volumes: false);
        await using var hand = await Hand.StartAsync(@namespace);
        await Kube.CreateAsync(ApiResources.Jobs, @namespace.Name, JsonNode.Parse("""
            {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "job-data"}, "spec": {"parallelism": 0, "template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "x"}]}}}}
            """)!);
        await using var @operator = await InProcessOperator.StartAsync(@namespace);
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Small("job", 3, "spec: {inspection: {policy: Skip}, scheduling: {schedulerName: by-hand}}"));
        var condition = await job.SaysAsync(ConditionTypes.DataReady, Reasons.ChildNameConflict);
        Assert.Contains("Job job-data", condition.Message, StringComparison.Ordinal);

        await Kube.DeleteAsync(ApiResources.Jobs, @namespace.Name, "job-data");
        await job.ReachesAsync(JobPhase.Succeeded);
    }

    [ClusterFact]
    public async Task Forged_labels_make_nothing_ours()
    {
        await using var @namespace = await TestNamespace.CreateAsync("forged", volumes: false);
        await using var hand = await Hand.StartAsync(@namespace);
        hand.Finishes = false;
        await using var @operator = await InProcessOperator.StartAsync(@namespace);
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Small("job", 3, Hand.Job));
        await job.ReachesAsync(JobPhase.Running);

        // The trainer's own labels, in a pod of nobody that failed.
        var labels = (await job.PodsAsync()).Single()["metadata"]!["labels"]!.DeepClone().AsObject();
        labels.Remove("statefulset.kubernetes.io/pod-name");
        labels.Remove("controller-revision-hash");
        labels["app.kubernetes.io/component"] = "forged";
        var forged = await Kube.CreateAsync(ApiResources.Pods, @namespace.Name, new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject { ["name"] = "job-7", ["labels"] = labels },
            ["spec"] = JsonNode.Parse("""{"schedulerName": "by-hand", "restartPolicy": "Never", "containers": [{"name": "trainer", "image": "x"}]}"""),
        });
        await hand.EndAsync(forged, 1, "boom");

        hand.Finishes = true;
        var status = await job.ReachesAsync(JobPhase.Succeeded);
        Assert.Equal(1, status.AttemptsUsed);
        await Eventually.BeTrueAsync(async () => await Kube.GetAsync(ApiResources.StatefulSets, @namespace.Name, "job") is null, TimeSpan.FromSeconds(20), "the gang is removed");
        Assert.NotNull(await Kube.GetAsync(ApiResources.Pods, @namespace.Name, "job-7"));
    }
}
