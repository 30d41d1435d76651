using GrpoOperator.Crds;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.E2E;

/// <summary>What takes too long ends: each deadline under its own reason.</summary>
// In the full tier: every failure for real takes minutes, and decision tables and the simulation tell of each in the first.
[Trait("tier", "full")]
public sealed class DeadlineTests
{
    [ClusterFact]
    public async Task A_training_that_hangs_is_restarted_and_goes_on_from_its_checkpoint()
    {
        await using var stage = await Stage.SetAsync("hangs");
        var job = await stage.CreateAsync("hangs", 40, "stallDeadlineSeconds: 10, trainer: {checkpointDir: /data/checkpoints, saveFrequency: 1}", "hang@step=21,attempt=1");
        var status = await job.ReachesAsync(JobPhase.Succeeded);
        Assert.Equal((1, 1, 20), (status.Restarts, status.RestartsCounted, status.Progress!.ResumedFromStep));
        var attempt = status.Attempts![0];
        Assert.Equal((FailureClass.Stall, Reasons.StallDeadlineExceeded, 20), (attempt.FailureClass, attempt.Reason, attempt.LastStep));
        Assert.Contains("no step after step 20 for 10 s", attempt.Message, StringComparison.Ordinal);
        Assert.Contains("no step after step 20", await job.TellsAsync(Reasons.StallDeadlineExceeded), StringComparison.Ordinal);
    }

    [ClusterFact]
    public async Task A_first_step_that_never_comes_is_a_failed_start()
    {
        await using var stage = await Stage.SetAsync("first");
        var job = await stage.CreateAsync("first", 6, "firstStepDeadlineSeconds: 10", "hang@step=1,attempt=1");
        var status = await job.ReachesAsync(JobPhase.Succeeded);
        Assert.Equal((FailureClass.Startup, Reasons.FirstStepDeadlineExceeded), (status.Attempts![0].FailureClass, status.Attempts[0].Reason));
        Assert.Equal(1, status.RestartsByClass![nameof(FailureClass.Startup)]);
    }

    [ClusterFact]
    public async Task An_image_that_never_comes_is_a_failed_start()
    {
        await using var stage = await Stage.SetAsync("imageless");
        var job = await stage.CreateAsync("imageless", 6,
            "image: 'registry.invalid/verl:nowhere', data: {prepare: null}, startupDeadlineSeconds: 8, failurePolicy: {maxRestarts: 1}");
        await job.SaysAsync(ConditionTypes.PodsReady, Reasons.ImagePullFailed);
        var status = await job.ReachesAsync(JobPhase.Failed);
        Assert.Equal((2, 1, 1), (status.AttemptsUsed, status.Restarts, status.RestartsByClass![nameof(FailureClass.Startup)]));
        Assert.All(status.Attempts!, attempt => Assert.Equal((FailureClass.Startup, Reasons.StartupDeadlineExceeded), (attempt.FailureClass, attempt.Reason)));
        Assert.Contains("registry.invalid/verl:nowhere", status.Attempts![^1].Message, StringComparison.Ordinal);
        await job.LosesItsTrainersAsync();
    }

    [ClusterFact]
    public async Task A_job_that_had_its_pods_too_long_ends_and_is_not_retried()
    {
        await using var stage = await Stage.SetAsync("active");
        var job = await stage.CreateAsync("active", 2000, "activeDeadlineSeconds: 20");
        var status = await job.ReachesAsync(JobPhase.Failed);
        Assert.Equal((0, FailureClass.Deadline, Reasons.ActiveDeadlineExceeded), (status.Restarts, Assert.Single(status.Attempts!).FailureClass, status.Attempts![0].Reason));
        await job.LosesItsTrainersAsync();
    }
}
