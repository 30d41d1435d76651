using System.Text.Json.Nodes;
using GrpoOperator.Crds;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.E2E;

/// <summary>Containers and pods that are taken away: the gang is made again, and only what the job did itself counts.</summary>
// In the full tier: every failure for real takes minutes, and decision tables and the simulation tell of each in the first.
[Trait("tier", "full")]
public sealed class PodLossTests
{
    [ClusterFact]
    public async Task A_deleted_worker_is_the_clusters_doing_and_does_not_count()
    {
        await using var stage = await Stage.SetAsync("deleted");
        var job = await RunAsync(stage, "deleted");
        await Kube.DeleteAsync(ApiResources.Pods, job.Namespace, "deleted-1", graceSeconds: 1);
        var attempt = await RestartsAsync(job, FailureClass.Infrastructure, counted: 0);
        Assert.Equal((1, "deleted-1"), (attempt.Rank, attempt.Pod));
        Assert.Contains(attempt.Reason, (string[])[Reasons.PodDeleted, Reasons.PodReplaced]);
    }

    [ClusterFact]
    public async Task An_evicted_worker_is_the_clusters_doing_and_does_not_count()
    {
        await using var stage = await Stage.SetAsync("evicted");
        var job = await RunAsync(stage, "evicted");
        var eviction = new JsonObject
        {
            ["apiVersion"] = "policy/v1beta1",
            ["kind"] = "Eviction",
            ["metadata"] = new JsonObject { ["name"] = "evicted-1", ["namespace"] = job.Namespace },
        };
        await Programs.RunAsync("kubectl", ["--kubeconfig", TestCluster.Kubeconfig, "create", "--raw", $"/api/v1/namespaces/{job.Namespace}/pods/evicted-1/eviction", "-f", "-"], eviction.ToJsonString());
        var attempt = await RestartsAsync(job, FailureClass.Infrastructure, counted: 0);
        Assert.Equal((1, "evicted-1"), (attempt.Rank, attempt.Pod));
    }

    [ClusterFact]
    public async Task A_container_killed_with_SIGKILL_is_named_with_code_137()
    {
        await using var stage = await Stage.SetAsync("killed");
        var job = await RunAsync(stage, "killed");
        var worker = (await job.StatusAsync()).CurrentAttempt!.Pods!.Single(pod => pod.Ordinal == 1);
        await KillFirstProcessAsync(worker.Node, worker.Uid);
        var attempt = await RestartsAsync(job, FailureClass.Runtime, counted: 1);
        Assert.Equal((1, "killed-1", worker.Node, 137), (attempt.Rank, attempt.Pod, attempt.Node, attempt.ExitCode));
    }

    [ClusterFact]
    public async Task A_worker_killed_for_its_memory_ends_a_job_that_made_no_step()
    {
        await using var stage = await Stage.SetAsync("memory");
        var job = await stage.CreateAsync("memory", 8, "workers: {nodes: 2, resources: {requests: {cpu: 10m, memory: 64Mi}, limits: {memory: 512Mi}}}", "oom@step=1,rank=0,target=trainer");
        var status = await job.ReachesAsync(JobPhase.Failed);
        var attempt = Assert.Single(status.Attempts!);
        Assert.Equal((FailureClass.OutOfMemory, Reasons.OutOfMemoryKilled, 0), (attempt.FailureClass, attempt.Reason, attempt.Rank));
        Assert.Equal(0, status.Restarts);
    }

    private static async Task<TrainingJob> RunAsync(Stage stage, string name)
    {
        var job = await stage.CreateAsync(name, 2000);
        await job.SeesAsync("a step", status => status is { Phase: JobPhase.Running, Progress.Step: > 0 });
        return job;
    }

    /// <summary>Waits until the second attempt makes steps.</summary>
    /// <returns>The first one.</returns>
    private static async Task<AttemptRecord> RestartsAsync(TrainingJob job, FailureClass @class, int counted)
    {
        var status = await job.SeesAsync("the second attempt's steps", status => status is { Phase: JobPhase.Running, CurrentAttempt: { Number: 2, LastStep: > 0 } });
        Assert.Equal((1, counted, 2, 2), (status.Restarts, status.RestartsCounted, status.AttemptsUsed, status.Incarnation));
        Assert.Equal(@class.ToString(), Assert.Single(status.RestartsByClass!).Key);
        Assert.Null(status.Failing);
        var attempt = Assert.Single(status.Attempts!);
        Assert.Equal(@class, attempt.FailureClass);
        await job.TellsAsync(attempt.Reason!);
        return attempt;
    }

    /// <summary>Kills the first process of a pod's trainer from outside, as nothing in the container can.</summary>
    private static Task<string> KillFirstProcessAsync(string node, string uid) => TestCluster.CommandAsync("node-exec", node["node-".Length..], "bash", "-c",
        $"for p in /proc/[0-9]*; do grep -qzs '^GRPO_POD_UID={uid}$' $p/environ && grep -qsE '^NSpid:.*[[:space:]]1$' $p/status && kill -KILL ${{p#/proc/}} && exit 0; done; exit 1");
}
