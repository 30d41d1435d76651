using GrpoOperator.Crds;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.E2E;

/// <summary>Nodes that go silent: the job goes on elsewhere, and what still lives there trains no more.</summary>
// In the full tier: the control plane takes forty seconds to call a node lost.
[Trait("tier", "full")]
[Collection(NodesThemselves.Name)]
public sealed class LostNodeTests
{
    private const string Saves = "stallDeadlineSeconds: 600, trainer: {checkpointDir: /data/checkpoints, saveFrequency: 2}, failurePolicy: {nodeLostSeconds: 5}";

    [ClusterFact]
    public async Task A_partitioned_node_s_trainer_is_stopped_by_the_fence_while_the_job_goes_on_elsewhere()
    {
        await using var stage = await Stage.SetAsync("partition", nodeAccess: true);
        var job = await stage.CreateAsync("partition", 2000, $"workers: {{nodes: 1}}, {Saves}");
        var before = await SavesAsync(job);
        var old = Assert.Single(before.CurrentAttempt!.Pods!);
        await using var node = await SilentNode.StopAsync(old.Node, "kubelet");
        var after = await GoesOnAsync(job);
        var @new = Assert.Single(after.CurrentAttempt!.Pods!);
        Assert.NotEqual(old.Node, @new.Node);
        // The kubelet is still away: nothing but the fence on the checkpoint directory can have ended it.
        await Eventually.BeTrueAsync(() => node.HasNoProcessOfAsync(old.Uid), TimeSpan.FromSeconds(30), "no process of the old trainer is left", job.DescribeAsync);
        await node.ReturnAsync();
        // Its old pod's end is nobody's failure any more: the same attempt makes its steps.
        var step = after.Progress!.Step;
        var still = await job.SeesAsync("steps after the node's return", status => status.Progress!.Step >= step + 10);
        Assert.Equal((1, 2), (still.Restarts, still.Incarnation));
    }

    [ClusterFact]
    public async Task A_node_that_dies_with_its_containers_is_waited_for_and_the_job_goes_on()
    {
        await using var stage = await Stage.SetAsync("crash", nodeAccess: true);
        var job = await stage.CreateAsync("crash", 2000, Saves);
        var before = await SavesAsync(job);
        var old = before.CurrentAttempt!.Pods!.Single(pod => pod.Ordinal == 1);
        await using var node = await SilentNode.StopAsync(old.Node, "node");
        await job.SeesAsync("the next incarnation", status => status.Incarnation == 2);
        await job.TellsAsync(Reasons.PodForced);
        await node.ReturnAsync();
        await GoesOnAsync(job);
    }

    private static async Task<GrpoTrainingJobStatus> SavesAsync(TrainingJob job) =>
        await job.SeesAsync("a checkpoint", status => status is { Phase: JobPhase.Running, Progress.LastCheckpointStep: > 1 });

    private static async Task<GrpoTrainingJobStatus> GoesOnAsync(TrainingJob job)
    {
        var status = await job.SeesAsync(
            "the second attempt's steps", status => status is { Phase: JobPhase.Running, CurrentAttempt: { Number: 2, LastStep: > 0 } }, 2 * TrainingJob.Patience);
        Assert.Equal((1, 0), (status.Restarts, status.RestartsCounted));
        Assert.Equal(nameof(FailureClass.Infrastructure), Assert.Single(status.RestartsByClass!).Key);
        Assert.True(status.Progress!.ResumedFromStep > 0, $"{status.Progress}");
        var attempt = Assert.Single(status.Attempts!);
        Assert.Equal(Reasons.NodeLost, attempt.Reason);
        return status;
    }
}
