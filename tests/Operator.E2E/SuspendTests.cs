using GrpoOperator.Crds;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.E2E;

/// <summary>Jobs that are suspended, go on, and are deleted: nothing of that counts, and nothing stays.</summary>
// In the full tier: every failure for real takes minutes, and decision tables and the simulation tell of each in the first.
[Trait("tier", "full")]
public sealed class SuspendTests
{
    [ClusterFact]
    public async Task A_running_job_is_suspended_and_goes_on_from_its_checkpoint()
    {
        await using var stage = await Stage.SetAsync("suspended");
        var job = await stage.CreateAsync("suspended", 30, "trainer: {checkpointDir: /data/checkpoints, saveFrequency: 2}");
        await job.SeesAsync("a checkpoint", status => status is { Phase: JobPhase.Running, Progress.LastCheckpointStep: > 0 });
        var status = await SuspendAsync(job);
        var saved = status.Progress!.LastCheckpointStep;
        Assert.Equal(Reasons.SuspendedByUser, Assert.Single(status.Attempts!).Reason);

        await job.ChangeSpecAsync("suspend: false");
        status = await job.ReachesAsync(JobPhase.Succeeded);
        Assert.Equal((0, 2, 2, 30), (status.Restarts, status.Incarnation, status.AttemptsUsed, status.Progress!.Step));
        // A save that was made in the last moments may not have been told.
        Assert.True(status.Progress.ResumedFromStep >= saved, $"resumed from step {status.Progress.ResumedFromStep}, saved was {saved}");
        await job.TellsAsync(Reasons.Resumed);
    }

    [ClusterFact]
    public async Task A_starting_job_is_suspended_and_goes_on()
    {
        await using var stage = await Stage.SetAsync("starting");
        // Ray is started after this, so the job is found in that phase.
        var job = await stage.CreateAsync("starting", 2, "launch: {setup: 'sleep 15'}");
        await job.ReachesAsync(JobPhase.Starting);
        await SuspendAsync(job);
        await job.ChangeSpecAsync("suspend: false");
        var status = await job.ReachesAsync(JobPhase.Succeeded);
        Assert.Equal((0, 2), (status.Restarts, status.Incarnation));
    }

    [ClusterFact]
    public async Task A_restarting_job_is_suspended_and_its_failure_counts_once()
    {
        await using var stage = await Stage.SetAsync("between");
        // The failed pods are kept a while, so the job is found in that phase.
        var job = await stage.CreateAsync("between", 8, "failurePolicy: {holdSeconds: 10}", "exit:3@step=2,attempt=1");
        await job.ReachesAsync(JobPhase.Restarting);
        var status = await SuspendAsync(job);
        Assert.Equal((1, 1, 1), (status.Restarts, status.RestartsCounted, status.AttemptsUsed));
        await job.ChangeSpecAsync("suspend: false");
        status = await job.ReachesAsync(JobPhase.Succeeded);
        Assert.Equal((1, 1, 2), (status.Restarts, status.RestartsCounted, status.AttemptsUsed));
    }

    [ClusterFact]
    public async Task A_converting_job_is_suspended_and_converts_anew()
    {
        await using var stage = await Stage.SetAsync("converting", each: 16);
        var job = await ConvertingAsync(stage, "converting");
        await SuspendAsync(job);
        Assert.Empty(await job.PodsAsync("convert"));
        await job.ChangeSpecAsync("suspend: false");
        var status = await job.ReachesAsync(JobPhase.Succeeded);
        Assert.Equal((0, 1), (status.Restarts, status.AttemptsUsed));
    }

    [ClusterFact]
    public async Task A_converting_job_that_is_deleted_leaves_nothing()
    {
        await using var stage = await Stage.SetAsync("unconverted", each: 16);
        await DeletedLeavesNothingAsync(await ConvertingAsync(stage, "unconverted"), [ApiResources.Pods, ApiResources.Jobs, ApiResources.ConfigMaps]);
    }

    [ClusterFact]
    public async Task A_starting_job_that_is_deleted_leaves_nothing()
    {
        await using var stage = await Stage.SetAsync("unstarted");
        var job = await stage.CreateAsync("unstarted", 2, "launch: {setup: 'sleep 15'}");
        await job.ReachesAsync(JobPhase.Starting);
        await DeletedLeavesNothingAsync(job);
    }

    [ClusterFact]
    public async Task A_running_job_that_is_deleted_leaves_nothing()
    {
        await using var stage = await Stage.SetAsync("gone");
        var job = await stage.CreateAsync("gone", 2000);
        await job.SeesAsync("a step", status => status is { Phase: JobPhase.Running, Progress.Step: > 0 });
        await DeletedLeavesNothingAsync(job);
    }

    [ClusterFact]
    public async Task A_restarting_job_that_is_deleted_leaves_nothing()
    {
        await using var stage = await Stage.SetAsync("goneover");
        var job = await stage.CreateAsync("goneover", 8, "failurePolicy: {holdSeconds: 10}", "exit:3@step=2,attempt=1");
        await job.ReachesAsync(JobPhase.Restarting);
        await DeletedLeavesNothingAsync(job);
    }

    private static async Task<GrpoTrainingJobStatus> SuspendAsync(TrainingJob job)
    {
        await job.ChangeSpecAsync("suspend: true");
        var status = await job.ReachesAsync(JobPhase.Suspended);
        Assert.Empty(await job.PodsAsync());
        Assert.Empty(await Kube.ListAsync(ApiResources.StatefulSets, job.Namespace));
        Assert.Null(status.CurrentAttempt);
        Assert.Null(status.Failing);
        return status;
    }

    /// <summary>The published sample, whose conversion takes a while.</summary>
    private static async Task<TrainingJob> ConvertingAsync(Stage stage, string name)
    {
        var job = await TrainingJob.CreateAsync(stage.Namespace, Samples.Published(name, 1, "spec: {env: [{name: STANDIN_CONVERT_SECONDS, value: '10'}]}"));
        await job.ReachesAsync(JobPhase.Converting);
        return job;
    }

    private static Task DeletedLeavesNothingAsync(TrainingJob job) =>
        DeletedLeavesNothingAsync(job, [ApiResources.Pods, ApiResources.StatefulSets, ApiResources.Jobs, ApiResources.Services, ApiResources.ConfigMaps, ApiResources.NetworkPolicies]);

    private static async Task DeletedLeavesNothingAsync(TrainingJob job, IReadOnlyList<ApiResource> kinds)
    {
        var label = $"grpo-operator.dev/job={job.Name}";
        foreach (var kind in kinds) Assert.NotEmpty(await Kube.ListAsync(kind, job.Namespace, label));
        await job.DeleteAsync();
        foreach (var kind in kinds)
            await Eventually.BeTrueAsync(async () => (await Kube.ListAsync(kind, job.Namespace, label)).Count == 0, TimeSpan.FromSeconds(90), $"no {kind.Plural} are left", job.DescribeAsync);
        Assert.Null(await job.ObjectAsync());
    }
}
