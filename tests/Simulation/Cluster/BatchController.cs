using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Simulation.Server;

namespace GrpoOperator.Simulation.Cluster;

/// <summary>
/// Runs a Job's one pod. A pod that was taken away is replaced by an old controller (before Kubernetes 1.26), even while it
/// still ends; a newer one calls the Job failed, since it may not try again.
/// </summary>
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
        var pods = world.Server.Pods.Where(pod => pod.OwnerUid == job.Uid).ToArray();
        if (pods.Any(pod => pod.State.Phase == "Succeeded")) End(job, "Complete");
        else if (pods.Any(pod => pod.State.IsOver)) Fail(job, pods);
        else if (pods.Any(pod => pod.State.DeletedAt is null)) return;
        else if (started.Add(job.Uid) || world.Plot.ReplacesBatchPods) world.Server.Add(Children.Pod(world.Server, job, $"{key.Name}-{world.Server.NextUid()}", rank: -1));
        else if (pods.Length == 0) Fail(job, pods);
    }

    private void Fail(JsonObjectEntry job, IEnumerable<PodObject> pods)
    {
        End(job, "Failed");
        foreach (var pod in pods.Where(pod => !pod.State.IsOver)) world.Server.Delete(pod.Resource, pod.Key, pod.Uid);
    }

    private void End(JsonObjectEntry job, string condition)
    {
        var reason = condition == "Failed" ? "BackoffLimitExceeded" : null;
        job.Body["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = condition, ["status"] = "True", ["reason"] = reason }) };
        world.Server.Touch(job);
    }
}
