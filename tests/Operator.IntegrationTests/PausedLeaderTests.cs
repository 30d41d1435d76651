using GrpoOperator.Crds;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>A leader that stood still past its lease (a frozen node, a debugger) wakes beside its successor.</summary>
// In the full tier: the lease has to run out.
[Trait("tier", "full")]
public sealed class PausedLeaderTests
{
    [ClusterFact]
    public async Task A_leader_paused_past_its_lease_writes_nothing_when_it_wakes_and_ends()
    {
        await using var @namespace = await TestNamespace.CreateAsync("paused", volumes: false);
        await using var hand = await Hand.StartAsync(@namespace);
        var audit = new AuditLog();
        await using var paused = await OperatorProcess.StartAsync(@namespace, timeScale: 0.1);
        var story = Story.Restart;
        var job = await story.BeginAsync(@namespace, hand);
        hand.BindsRank = _ => true;
        hand.Launches = true;
        await job.ReachesAsync(JobPhase.Running);
        await paused.PauseAsync();
        var sincePause = new AuditLog();
        // The failure comes while it sleeps: it would act on it as soon as it wakes.
        await story.GoesOnAsync(job, hand);
        // As an administrator, so that the audit log tells the two apart.
        await using var heir = await OperatorProcess.StartAsync(@namespace, "operator-2", timeScale: 0.1, TestCluster.Kubeconfig);
        await job.SeesAsync("the heir's restart", status => status.Incarnation == 2);
        await paused.GoOnAsync();
        Assert.NotEqual(0, await paused.EndsAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        await story.EndsAsync(job, hand, audit);
        Assert.Empty(sincePause.WritesBy(@namespace.OperatorUser));
        // That the record knows its writes: else the line above would say little.
        Assert.NotEmpty(audit.WritesBy(@namespace.OperatorUser));
    }
}
