using GrpoOperator.Crds;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.E2E;

/// <summary>A job that just goes on costs the API server next to nothing.</summary>
public sealed class SteadyJobTests
{
    [ClusterFact]
    public async Task A_steady_running_job_costs_no_write_but_progress()
    {
        await using var @namespace = await TestNamespace.CreateAsync("steady");
        await @namespace.MakeInputsAsync();
        await using var jobs = await Recording.StartAsync(Reconcile.Resources.TrainingJobs, @namespace.Name);
        await using var @operator = await OperatorProcess.StartAsync(@namespace);
        using var npus = await Npus.ReserveAsync(nodes: 1, each: 2);
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Small("steady", 2000));
        var from = (await job.SeesAsync("the second step", status => status is { Phase: JobPhase.Running, Progress.Step: > 1 })).Progress!.Step!.Value;
        var audit = new AuditLog();
        var states = jobs.States.Count;
        // A step takes at least a second: thirty steps are more than thirty seconds.
        await job.SeesAsync("thirty steps more", status => status.Progress!.Step >= from + 30);
        var writes = audit.WritesBy(@namespace.OperatorUser);
        await Eventually.BeTrueAsync(
            () => Task.FromResult(jobs.States.Any(state => int.Parse(Kube.Text(state, "status", "progress", "step") ?? "0") >= from + 30)),
            TimeSpan.FromSeconds(30), "the recording shows what status said");
        // The state before the first of these writes is the last one of those before.
        var progress = JobHistory.ProgressWrites(jobs.States.Skip(states - 1), "steady");
        Assert.All(writes, write => Assert.Equal(("grpotrainingjobs", "status", "patch"), (write.Resource, write.Subresource, write.Verb)));
        Assert.InRange(writes.Count, 1, progress);
    }
}
