using System.Text.Json.Nodes;
using GrpoOperator.Crds;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.E2E;

/// <summary>What happens while the operator is away, or dies.</summary>
public sealed class OperatorDownTests
{
    private static readonly string[] QuickLease = ["--lease-duration", "6", "--renew-deadline", "4", "--retry-period", "1"];

    [ClusterFact]
    public async Task A_trainer_replaced_while_the_operator_is_down_never_trains_and_is_seen_afterwards()
    {
        using var npus = await Npus.ReserveAsync(nodes: 2, each: 2);
        await using var @namespace = await TestNamespace.CreateAsync("replaced");
        await @namespace.MakeInputsAsync();
        await using var before = await OperatorProcess.StartAsync(@namespace);
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Small("replaced", 2000, "spec: {workers: {nodes: 2}}"));
        var status = await job.SeesAsync("a step", status => status is { Phase: JobPhase.Running, Progress.Step: > 0 });
        var old = status.CurrentAttempt!.Pods!.Single(pod => pod.Ordinal == 0).Uid;
        await before.KillAsync();

        await Kube.DeleteAsync(ApiResources.Pods, @namespace.Name, "replaced-0", graceSeconds: 1);
        var replacement = await Eventually.SeeAsync(
            async () => await Kube.GetAsync(ApiResources.Pods, @namespace.Name, "replaced-0") is { } pod && Kube.Text(pod, "metadata", "uid") != old && IsRunning(pod) ? pod : null,
            TrainingJob.Patience, "the StatefulSet's controller has made the pod again", job.DescribeAsync);
        Assert.Contains(replacement["spec"]!["containers"]![0]!["env"]!.AsArray(), entry => Kube.Text(entry, "name") == "GRPO_SEALED" && Kube.Text(entry, "value") == "true");
        await Eventually.BeTrueAsync(
            async () => (await TestCluster.KubectlAsync("logs", "-n", @namespace.Name, "replaced-0", "-c", "trainer")).Contains("it starts nothing", StringComparison.Ordinal),
            TimeSpan.FromSeconds(60), "the replacement says that it starts nothing", job.DescribeAsync);
        Assert.Equal("nothing", (await TestCluster.KubectlAsync("exec", "-n", @namespace.Name, "replaced-0", "-c", "trainer", "--",
            "sh", "-c", "test -e /tmp/standin/argv.json -o -e /tmp/standin/ray-start.json && echo trained || echo nothing")).Trim());

        await using var after = await OperatorProcess.StartAsync(@namespace, "operator-2");
        var restarted = await job.SeesAsync("the next attempt", status => status is { Phase: JobPhase.Running, AttemptsUsed: 2 });
        Assert.Equal((1, 0, 2), (restarted.Restarts, restarted.RestartsCounted, restarted.Incarnation));
        var attempt = Assert.Single(restarted.Attempts!);
        Assert.Equal((Reasons.PodReplaced, FailureClass.Infrastructure, "replaced-0", 0), (attempt.Reason, attempt.FailureClass, attempt.Pod, attempt.Rank));
        await job.TellsAsync(Reasons.PodReplaced);
    }

    [ClusterFact]
    public async Task When_the_leader_is_killed_the_standby_goes_on_and_nothing_is_made_twice()
    {
        using var npus = await Npus.ReserveAsync(nodes: 2, each: 2);
        await using var @namespace = await TestNamespace.CreateAsync("leader");
        await @namespace.MakeInputsAsync();
        var audit = new AuditLog();
        await using var leader = await OperatorProcess.StartAsync(@namespace, arguments: QuickLease);
        await Eventually.BeTrueAsync(() => Task.FromResult(leader.Leads), TimeSpan.FromSeconds(30), "the first operator leads");
        await using var standby = await OperatorProcess.StartAsync(@namespace, "operator-2", arguments: QuickLease);
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Small("survivor", 30, "spec: {workers: {nodes: 2}}"));
        var killedAt = (await job.SeesAsync("a step", status => status is { Phase: JobPhase.Running, Progress.Step: > 0 })).Progress!.Step;
        Assert.False(standby.Leads);
        await leader.KillAsync();

        var status = await job.ReachesAsync(JobPhase.Succeeded);
        Assert.True(standby.Leads);
        Assert.InRange(killedAt!.Value, 1, 29);
        Assert.Equal((30, 1, 1, 0), (status.Progress!.Step!.Value, status.Incarnation, status.AttemptsUsed, status.Restarts));
        await job.LosesItsTrainersAsync();
        var made = audit.WritesBy(@namespace.OperatorUser).Where(write => write is { Verb: "create", Resource: not "events" }).ToArray();
        Assert.All(made, write => Assert.True(write.IsAccepted, $"{write}"));
        Assert.Equal(
            ["configmaps", "jobs", "jobs", "networkpolicies", "services", "statefulsets"],
            made.Select(write => write.Resource).Order(StringComparer.Ordinal));
    }

    [ClusterFact]
    public async Task A_steady_running_job_costs_no_write_but_progress()
    {
        using var npus = await Npus.ReserveAsync(nodes: 1, each: 2);
        await using var @namespace = await TestNamespace.CreateAsync("steady");
        await @namespace.MakeInputsAsync();
        await using var jobs = await Recording.StartAsync(Reconcile.Resources.TrainingJobs, @namespace.Name);
        await using var @operator = await OperatorProcess.StartAsync(@namespace);
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Small("steady", 2000));
        var from = (await job.SeesAsync("the second step", status => status is { Phase: JobPhase.Running, Progress.Step: > 1 })).Progress!.Step!.Value;
        var audit = new AuditLog();
        var states = jobs.States.Count;
        // A step takes at least a second: thirty steps are more than thirty seconds.
        await job.SeesAsync("thirty steps more", status => status.Progress!.Step >= from + 30);
        var writes = audit.WritesBy(@namespace.OperatorUser);
        // The state before the first of these writes is the last one of those before.
        var progress = JobHistory.ProgressWrites(jobs.States.Skip(states - 1), "steady");
        Assert.All(writes, write => Assert.Equal(("grpotrainingjobs", "status", "patch"), (write.Resource, write.Subresource, write.Verb)));
        Assert.InRange(writes.Count, 1, progress);
    }

    private static bool IsRunning(JsonObject pod) => Kube.At(pod, "status", "containerStatuses") is JsonArray { Count: > 0 } containers && Kube.At(containers[0], "state", "running") is not null;
}
