using System.Text.Json.Nodes;
using GrpoOperator.Crds;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Events;
using GrpoOperator.Operator.Cluster;
using GrpoOperator.Operator.Reconcile;
using GrpoOperator.Operator.Views;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>Every write says which object in which state it means; the real API server refuses it when that is gone.</summary>
public sealed class PreconditionTests
{
    private readonly AnswerBook answers = new();
    private readonly Silence events = new();

    [ClusterFact]
    public async Task A_status_that_was_decided_on_an_older_version_throws_the_whole_decision_away()
    {
        await using var @namespace = await TestNamespace.CreateAsync("stale", volumes: false);
        var view = await JobAsync(@namespace);
        await Kube.PatchAsync(Resources.TrainingJobs, @namespace.Name, "job", new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["changed"] = "meanwhile" } } });

        var conflict = await Assert.ThrowsAsync<KubeApiException>(() => CarryOutAsync(view, Decision(view)));
        Assert.True(conflict.IsConflict);
        Assert.Null((await Kube.GetAsync(Resources.TrainingJobs, @namespace.Name, "job"))!["status"]);
        Assert.Null(await Kube.GetAsync(ApiResources.ConfigMaps, @namespace.Name, "job-launch"));
        Assert.Empty(events.Told);

        // The same decision on what is there now is carried out.
        await CarryOutAsync(await ViewAsync(@namespace), Decision(view));
        Assert.NotNull(await Kube.GetAsync(ApiResources.ConfigMaps, @namespace.Name, "job-launch"));
        Assert.Single(events.Told);
    }

    [ClusterFact]
    public async Task A_status_never_goes_to_another_job_of_the_same_name()
    {
        await using var @namespace = await TestNamespace.CreateAsync("reborn", volumes: false);
        var view = await JobAsync(@namespace);
        await Kube.DeleteAsync(Resources.TrainingJobs, @namespace.Name, "job");
        await Eventually.BeTrueAsync(async () => await Kube.GetAsync(Resources.TrainingJobs, @namespace.Name, "job") is null, TimeSpan.FromSeconds(20), "the job is gone");
        await JobAsync(@namespace);

        // The version does it: no other object ever had it. (This server ignores a uid in the status of a custom resource.)
        var conflict = await Assert.ThrowsAsync<KubeApiException>(() => CarryOutAsync(view, Decision(view)));
        Assert.True(conflict.IsConflict);
        Assert.Null((await Kube.GetAsync(Resources.TrainingJobs, @namespace.Name, "job"))!["status"]);
    }

    [ClusterFact]
    public async Task A_delete_of_another_uid_does_nothing()
    {
        await using var @namespace = await TestNamespace.CreateAsync("delete", volumes: false);
        var view = await JobAsync(@namespace);
        var set = await SetAsync(@namespace);
        await CarryOutAsync(view, Decision(view) with { Acts = [new Act.Delete(ChildKind.StatefulSet, "job", "another-uid")] });
        Assert.Null(Kube.At(await Kube.GetAsync(ApiResources.StatefulSets, @namespace.Name, "job"), "metadata", "deletionTimestamp"));

        var seen = await ViewAsync(@namespace);
        await CarryOutAsync(seen, Decision(seen) with { Acts = [new Act.Delete(ChildKind.StatefulSet, "job", Kube.Text(set, "metadata", "uid")!)] });
        Assert.Null(await Kube.GetAsync(ApiResources.StatefulSets, @namespace.Name, "job"));
    }

    [ClusterFact]
    public async Task A_seal_touches_only_the_StatefulSet_that_it_means()
    {
        await using var @namespace = await TestNamespace.CreateAsync("seal", volumes: false);
        var view = await JobAsync(@namespace);
        var set = await SetAsync(@namespace);
        await Assert.ThrowsAsync<KubeApiException>(() => CarryOutAsync(view, Decision(view) with { Acts = [new Act.Seal("another-uid")] }));
        Assert.Equal(1, await EnvironmentAsync());

        var seen = await ViewAsync(@namespace);
        await CarryOutAsync(seen, Decision(seen) with { Acts = [new Act.Seal(Kube.Text(set, "metadata", "uid")!)] });
        Assert.Equal(2, await EnvironmentAsync());

        async Task<int> EnvironmentAsync() => (await Kube.GetAsync(ApiResources.StatefulSets, @namespace.Name, "job"))!["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!.AsArray().Count;
    }

    [ClusterFact]
    public async Task A_forced_removal_spares_the_pod_that_took_the_place()
    {
        await using var @namespace = await TestNamespace.CreateAsync("force", volumes: false);
        var view = await JobAsync(@namespace);
        await Eventually.SeeAsync(async () => await Kube.GetAsync(new ApiResource("", "v1", "serviceaccounts", "ServiceAccount"), @namespace.Name, "default"), TimeSpan.FromSeconds(30), "pods may be made");
        var pod = await Kube.CreateAsync(ApiResources.Pods, @namespace.Name, JsonNode.Parse("""
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "job-0"}, "spec": {"schedulerName": "by-hand", "containers": [{"name": "trainer", "image": "x"}]}}
            """)!);
        await CarryOutAsync(view, Decision(view) with { Acts = [new Act.ForceDeletePod("job-0", "another-uid")] });
        Assert.NotNull(await Kube.GetAsync(ApiResources.Pods, @namespace.Name, "job-0"));

        var seen = await ViewAsync(@namespace);
        await CarryOutAsync(seen, Decision(seen) with { Acts = [new Act.ForceDeletePod("job-0", Kube.Text(pod, "metadata", "uid")!)] });
        Assert.Null(await Kube.GetAsync(ApiResources.Pods, @namespace.Name, "job-0"));
    }

    [ClusterFact]
    public async Task A_child_that_is_ours_already_counts_as_made_and_another_ones_as_refused()
    {
        await using var @namespace = await TestNamespace.CreateAsync("taken", volumes: false);
        var view = await JobAsync(@namespace);
        Assert.False(await CarryOutAsync(view, Decision(view)));
        var seen = await ViewAsync(@namespace);
        Assert.False(await CarryOutAsync(seen, Decision(seen)));
        Assert.Empty(answers.Of(view.Uid).Refused);

        await Kube.DeleteAsync(ApiResources.ConfigMaps, @namespace.Name, "job-launch");
        await Kube.CreateAsync(ApiResources.ConfigMaps, @namespace.Name, JsonNode.Parse("""{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "job-launch"}}""")!);
        seen = await ViewAsync(@namespace);
        Assert.True(await CarryOutAsync(seen, Decision(seen)));
        Assert.Equal(RefusalKind.NameTaken, answers.Of(view.Uid).Refused[ChildKind.LaunchConfig].Kind);
    }

    private static async Task<TrainingJobView> JobAsync(TestNamespace @namespace)
    {
        await TrainingJob.CreateAsync(@namespace, Samples.Small("job", 1));
        return await ViewAsync(@namespace);
    }

    private static async Task<TrainingJobView> ViewAsync(TestNamespace @namespace) =>
        TrainingJobView.Decode((await TestCluster.Api.GetAsync(Resources.TrainingJobs, new NamespacedName(@namespace.Name, "job"), TestContext.Current.CancellationToken)).Body.Span)!;

    private static Task<JsonObject> SetAsync(TestNamespace @namespace) => Kube.CreateAsync(ApiResources.StatefulSets, @namespace.Name, JsonNode.Parse("""
        {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "job"},
         "spec": {"replicas": 0, "serviceName": "x", "selector": {"matchLabels": {"a": "b"}}, "template": {"metadata": {"labels": {"a": "b"}},
          "spec": {"containers": [{"name": "trainer", "image": "x", "env": [{"name": "A", "value": "1"}]}]}}}}
        """)!);

    /// <summary>A status that differs, a child, an event.</summary>
    private static Decision Decision(TrainingJobView view) => new()
    {
        Status = view.Job.Status with { Phase = JobPhase.Preparing, Incarnation = view.Job.Status.Incarnation + 1 },
        Acts =
        [
            new Act.Create(ChildKind.LaunchConfig, new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "ConfigMap",
                ["metadata"] = new JsonObject
                {
                    ["name"] = "job-launch",
                    ["ownerReferences"] = new JsonArray(new JsonObject
                    {
                        ["apiVersion"] = V1alpha1GrpoTrainingJob.KubeGroupVersion, ["kind"] = V1alpha1GrpoTrainingJob.KubeKind, ["name"] = "job", ["uid"] = view.Uid, ["controller"] = true,
                    }),
                },
            }),
        ],
        Events = [new EventDraft(Warning: false, "Preparing", "it begins")],
    };

    private Task<bool> CarryOutAsync(TrainingJobView view, Decision decision) =>
        new Executor(TestCluster.Api, TestCluster.Api, answers, events, TimeProvider.System).CarryOutAsync(view, decision, TestContext.Current.CancellationToken);

    private sealed class Silence : IEventRecorder
    {
        public List<string> Told { get; } = [];

        public void Record(EventSubject subject, EventType type, string reason, string message, string discriminator = "") => Told.Add(reason);
    }
}
