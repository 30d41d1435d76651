using GrpoOperator.Crds;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.E2E;

/// <summary>Gangs that fit alone but not together, and one that never fits.</summary>
// In the full tier: releases wait, and decision tables and the simulation tell of each in the first.
[Trait("tier", "full")]
public sealed class GangTests
{
    private const string All = "workers: {npusPerNode: 16}, ray: {cpusPerNode: 64}, scheduling: {gangTimeoutSeconds: 2}";

    [ClusterFact]
    public async Task Two_gangs_that_compete_for_two_nodes_both_get_them_one_after_the_other()
    {
        await using var stage = await Stage.SetAsync("gangs", each: 16);
        TrainingJob[] jobs = await Task.WhenAll(stage.CreateAsync("gang-a", 6, All), stage.CreateAsync("gang-b", 6, All));
        foreach (var job in jobs)
        {
            var status = await job.ReachesAsync(JobPhase.Succeeded, 2 * TrainingJob.Patience);
            Assert.Equal((0, 1), (status.Restarts, status.AttemptsUsed));
        }
    }

    [ClusterFact]
    public async Task Half_a_gang_gives_its_node_back_and_starts_when_there_is_room()
    {
        await using var stage = await Stage.SetAsync("half", each: 16);
        var blocker = await BlockAsync(stage);
        var job = await stage.CreateAsync("half", 2, All);
        await job.TellsAsync(Reasons.GangReleased, TrainingJob.Patience);
        Assert.Equal((0, JobPhase.Running), ((await job.StatusAsync()).AttemptsUsed, (await blocker.StatusAsync()).Phase));
        await blocker.DeleteAsync();
        var status = await job.ReachesAsync(JobPhase.Succeeded);
        Assert.Equal((0, 1, 1), (status.Restarts, status.AttemptsUsed, status.Attempts!.Count));
        Assert.True(status.Incarnation > 1, $"incarnation {status.Incarnation}");
    }

    [ClusterFact]
    public async Task A_gang_for_which_there_are_too_few_NPUs_ends_at_its_deadline_and_says_what_it_lacked()
    {
        await using var stage = await Stage.SetAsync("toofew", each: 16);
        await BlockAsync(stage);
        var job = await stage.CreateAsync("toofew", 2, "workers: {npusPerNode: 16}, ray: {cpusPerNode: 64}, scheduling: {gangTimeoutSeconds: 60, pendingDeadlineSeconds: 15}");
        var status = await job.ReachesAsync(JobPhase.Failed);
        var failed = status.Conditions.Single(condition => condition.Type == ConditionTypes.Failed);
        Assert.Equal(Reasons.PendingDeadlineExceeded, failed.Reason);
        Assert.Equal(0, status.Restarts);
        Assert.Contains("1 of 2 pods have nodes; pod toofew-", failed.Message, StringComparison.Ordinal);
        Assert.Contains("Insufficient huawei.com/", failed.Message, StringComparison.Ordinal);
        await job.LosesItsTrainersAsync();
    }

    /// <summary>A job that has all NPUs of one node.</summary>
    private static async Task<TrainingJob> BlockAsync(Stage stage)
    {
        var blocker = await stage.CreateAsync("blocker", 2000, "workers: {nodes: 1, npusPerNode: 16}, ray: {cpusPerNode: 64}");
        await blocker.SeesAsync("a step", status => status is { Phase: JobPhase.Running, Progress.Step: > 0 });
        return blocker;
    }
}
