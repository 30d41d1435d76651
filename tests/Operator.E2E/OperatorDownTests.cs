using GrpoOperator.Crds;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.E2E;

/// <summary>What happens while the operator is away.</summary>
public sealed class OperatorDownTests
{
    [ClusterFact]
    public async Task A_trainer_replaced_while_the_operator_is_down_never_trains_and_is_seen_afterwards()
    {
        await using var @namespace = await TestNamespace.CreateAsync("replaced");
        await @namespace.MakeInputsAsync();
        await using var before = await OperatorProcess.StartAsync(@namespace);
        using var npus = await Npus.ReserveAsync(nodes: 2, each: 2);
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Small("replaced", 2000, "spec: {workers: {nodes: 2}}"));
        var status = await job.SeesAsync("a step", status => status is { Phase: JobPhase.Running, Progress.Step: > 0 });
        var old = status.CurrentAttempt!.Pods!.Single(pod => pod.Ordinal == 0).Uid;
        await before.KillAsync();

        await Kube.DeleteAsync(ApiResources.Pods, @namespace.Name, "replaced-0", graceSeconds: 1);
        var replacement = await Eventually.SeeAsync(
            async () => await Kube.GetAsync(ApiResources.Pods, @namespace.Name, "replaced-0") is { } pod && Kube.Text(pod, "metadata", "uid") != old && TrainingJob.IsRunning(pod) ? pod : null,
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
}
