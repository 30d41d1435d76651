using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Simulation.Server;

namespace GrpoOperator.Simulation.Cluster;

/// <summary>Runs a Job's one pod; a Job whose pod was taken away has failed, since it may not try again.</summary>
internal sealed class BatchController
{
    private readonly World world;
    private readonly HashSet<NamespacedName> queued = [];
    private readonly HashSet<string> started = [];

    public BatchController(World world)
    {
        this.world = world;
        world.Server.Subscribe((changed, _) =>
        {
            if (changed.Resource == ApiResources.Jobs) Enqueue(changed.Key);
            else if (changed is PodObject { State.Template.IsTrainer: false } pod) Enqueue(pod.Key with { Name = pod.State.Template.OwnerName });
        });
    }

    private void Enqueue(NamespacedName job)
    {
        if (queued.Add(job)) world.Agenda.After(world.Chance.Seconds(0.005, 0.5), () => Sync(job));
    }

    private void Sync(NamespacedName key)
    {
        queued.Remove(key);
        if (world.Server.Find(ApiResources.Jobs, key) is not JsonObjectEntry job || job.Body["status"] is not null) return;
        var pod = world.Server.Pods.FirstOrDefault(pod => pod.OwnerUid == job.Uid);
        if (pod is null && started.Add(job.Uid)) world.Server.Add(Children.Pod(world.Server, job, $"{key.Name}-{job.Uid}", rank: -1));
        else if (pod is null) End(job, "Failed");
        else if (pod.State.IsOver) End(job, pod.State.Phase == "Succeeded" ? "Complete" : "Failed");
    }

    private void End(JsonObjectEntry job, string condition)
    {
        var reason = condition == "Failed" ? "BackoffLimitExceeded" : null;
        job.Body["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = condition, ["status"] = "True", ["reason"] = reason }) };
        world.Server.Touch(job);
    }
}
