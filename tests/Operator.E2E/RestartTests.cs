using System.Text.Json.Nodes;
using GrpoOperator.Crds;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;
using GrpoOperator.Operator.Reconcile;

namespace GrpoOperator.Operator.E2E;

/// <summary>What follows when the trainer itself ends: another attempt from the last checkpoint, or the end.</summary>
// In the full tier: every failure for real takes minutes, and decision tables and the simulation tell of each in the first.
[Trait("tier", "full")]
public sealed class RestartTests
{
    /// <summary>Of four attempts one after the other.</summary>
    private static readonly TimeSpan Long = 3 * TrainingJob.Patience;

    [ClusterFact]
    public async Task Rank_0_exits_with_1_and_the_second_attempt_goes_on_from_the_last_checkpoint()
    {
        await using var stage = await Stage.SetAsync("resumes");
        var job = await stage.CreateAsync("resumes", 40, "trainer: {checkpointDir: /data/checkpoints, saveFrequency: 2}", "exit:1@step=22,attempt=1");
        var status = await job.ReachesAsync(JobPhase.Succeeded, Long);
        Assert.Equal((2, 1, 1, 2), (status.AttemptsUsed, status.Restarts, status.RestartsCounted, status.Incarnation));
        Assert.Equal(1, Assert.Single(status.RestartsByClass!).Value);
        // Saved every second step, ended in step 22.
        Assert.Equal((20, 40), (status.Progress!.ResumedFromStep, status.Progress.Step));
        var first = status.Attempts![0];
        Assert.Equal((1, 0, "resumes-0", 1, 21), (first.Number, first.Rank, first.Pod, first.ExitCode, first.LastStep));
        Assert.Matches("^node-[12]$", first.Node);
        Assert.Contains("exit code 1", first.Message, StringComparison.Ordinal);
        Assert.Contains("step:21 - ", first.Message, StringComparison.Ordinal);
        Assert.Contains("exit code 1", await job.TellsAsync(first.Reason!), StringComparison.Ordinal);
        await job.TellsAsync(Reasons.Restarting);
        Assert.Equal((2, Reasons.TrainerSucceeded), (status.Attempts[1].Number, status.Attempts[1].Reason));
        Assert.True(status.NpuSeconds is { Productive: > 0, Lost: > 0 }, $"{status.NpuSeconds}");
        Assert.False(status.FenceWait);
    }

    [ClusterFact]
    public async Task Three_restarts_are_made_and_the_fourth_failure_ends_the_job()
    {
        await using var stage = await Stage.SetAsync("exhausted");
        var job = await stage.CreateAsync("exhausted", 8, fault: "exit:3@step=2");
        var status = await job.ReachesAsync(JobPhase.Failed, Long);
        Assert.Equal((4, 3, 3), (status.AttemptsUsed, status.Restarts, status.RestartsCounted));
        Assert.Equal([1, 2, 3, 4], status.Attempts!.Select(attempt => attempt.Number));
        Assert.All(status.Attempts!, attempt => Assert.Equal((3, 0), (attempt.ExitCode, attempt.Rank)));
        var failed = status.Conditions.Single(condition => condition.Type == ConditionTypes.Failed);
        Assert.Equal(Reasons.RestartsExhausted, failed.Reason);
        Assert.Contains("3 of 3 restarts", failed.Message, StringComparison.Ordinal);
        await job.LosesItsTrainersAsync();
        Assert.Empty(await Kube.ListAsync(ApiResources.StatefulSets, job.Namespace));
    }

    [ClusterFact]
    public async Task Progress_gives_the_budget_back()
    {
        await using var stage = await Stage.SetAsync("budget");
        var job = await stage.CreateAsync("budget", 60,
            "trainer: {checkpointDir: /data/checkpoints, saveFrequency: 1}, failurePolicy: {maxRestarts: 1, minStepsToReset: 10}",
            "exit:1@step=20,attempt=1; exit:1@step=40,attempt=2");
        var status = await job.ReachesAsync(JobPhase.Succeeded, Long);
        Assert.Equal((3, 2, 1), (status.AttemptsUsed, status.Restarts, status.RestartsCounted));
        Assert.Equal(39, status.Progress!.ResumedFromStep);
    }

    [ClusterFact]
    public async Task The_annotation_restarts_once_and_costs_nothing()
    {
        await using var stage = await Stage.SetAsync("asked");
        var job = await stage.CreateAsync("asked", 2000, "failurePolicy: {maxRestarts: 0}");
        await job.SeesAsync("a step", status => status is { Phase: JobPhase.Running, Progress.Step: > 0 });
        await Kube.PatchAsync(Resources.TrainingJobs, job.Namespace, job.Name,
            new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["grpo-operator.dev/restart-requested"] = "new driver" } } });
        await job.SeesAsync("the second attempt", status => status is { Phase: JobPhase.Running, AttemptsUsed: 2 });
        await job.TellsAsync(Reasons.RestartRequested);
        // Ten steps later it still is the second.
        var status = await job.SeesAsync("its steps", status => status is { CurrentAttempt: { Number: 2, LastStep: > 9 } });
        Assert.Equal((1, 0, 2, "new driver"), (status.Restarts, status.RestartsCounted, status.Incarnation, status.HandledRestartRequest));
        Assert.Equal(Reasons.RestartRequested, Assert.Single(status.Attempts!).Reason);
        Assert.Empty(status.RestartsByClass ?? new Dictionary<string, int>());
    }

    [ClusterFact]
    public async Task A_configuration_error_ends_the_job_without_a_restart()
    {
        await using var stage = await Stage.SetAsync("wrong");
        var job = await stage.CreateAsync("wrong", 8, fault: "crash:assertion@at=init");
        var status = await job.ReachesAsync(JobPhase.Failed);
        var attempt = Assert.Single(status.Attempts!);
        Assert.Equal((FailureClass.Configuration, "AssertionFailed", 0), (attempt.FailureClass, attempt.Reason, status.Restarts));
        Assert.Contains("stand-in assertion on rank 0", attempt.Message, StringComparison.Ordinal);
    }

    [ClusterFact]
    public async Task An_operator_killed_in_the_middle_of_a_restart_is_followed_by_one_that_finishes_it_once()
    {
        await using var stage = await Stage.SetAsync("midway");
        // The failed pods are kept a while, so the restart is under way when the operator dies.
        var job = await stage.CreateAsync("midway", 8, "failurePolicy: {holdSeconds: 10}", "exit:3@step=2,attempt=1");
        await job.ReachesAsync(JobPhase.Restarting);
        await stage.ReplaceOperatorAsync();
        var status = await job.ReachesAsync(JobPhase.Succeeded);
        Assert.Equal((1, 1, 2, 2), (status.Restarts, status.RestartsCounted, status.AttemptsUsed, status.Incarnation));
    }

    [ClusterFact]
    public async Task Two_jobs_that_fail_at_once_do_not_touch_each_other()
    {
        await using var stage = await Stage.SetAsync("both", each: 4);
        TrainingJob[] jobs = await Task.WhenAll(
            stage.CreateAsync("one", 8, fault: "exit:3@step=4,attempt=1"), stage.CreateAsync("other", 8, fault: "exit:7@step=4,attempt=1"));
        foreach (var (job, code) in jobs.Zip([3, 7]))
        {
            var status = await job.ReachesAsync(JobPhase.Succeeded, Long);
            Assert.Equal((1, 1, 2, 2), (status.Restarts, status.RestartsCounted, status.AttemptsUsed, status.Incarnation));
            Assert.Equal((code, $"{job.Name}-0"), (status.Attempts![0].ExitCode, status.Attempts[0].Pod));
        }
    }
}
