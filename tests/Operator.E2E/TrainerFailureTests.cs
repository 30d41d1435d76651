using GrpoOperator.Crds;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.E2E;

/// <summary>A gang that fails: status names who, where and why, and no pod stays.</summary>
public sealed class TrainerFailureTests
{
    [ClusterFact]
    public async Task A_trainer_that_exits_with_3_ends_the_job_with_code_rank_pod_node_and_log()
    {
        var (status, job) = await FailAsync("exits", "exit:3@step=2");
        var attempt = Assert.Single(status.Attempts!);
        Assert.Equal((3, 0, $"{job.Name}-0", 1), (attempt.ExitCode, attempt.Rank, attempt.Pod, attempt.LastStep));
        Assert.Matches("^node-[12]$", attempt.Node);
        Assert.Contains("exit code 3", attempt.Message, StringComparison.Ordinal);
        // The last lines of the trainer's console.
        Assert.Contains("step:1 - ", attempt.Message, StringComparison.Ordinal);
        var failed = status.Conditions.Single(condition => condition.Type == ConditionTypes.Failed);
        Assert.Equal((ConditionStatus.True, Reasons.RestartsExhausted), (failed.Status, failed.Reason));
        Assert.Contains("exit code 3", failed.Message, StringComparison.Ordinal);
        Assert.Contains("exit code 3", await job.TellsAsync(attempt.Reason!), StringComparison.Ordinal);
    }

    [ClusterFact]
    public async Task A_killed_worker_ends_the_job_with_what_the_trainer_said_of_it()
    {
        var (status, job) = await FailAsync("killed", "kill@step=2,rank=1,target=worker");
        var attempt = Assert.Single(status.Attempts!);
        // The trainer says that an actor died; that the other pod goes with the gang afterwards is nobody's fault.
        Assert.Equal((1, 0, $"{job.Name}-0", "ActorDied"), (attempt.ExitCode, attempt.Rank, attempt.Pod, attempt.Reason));
        Assert.Contains(status.CurrentAttempt!.Pods!, pod => pod.Ordinal == 0 && pod.Node == attempt.Node);
        Assert.Contains("The actor died unexpectedly", attempt.Message, StringComparison.Ordinal);
    }

    private static async Task<(GrpoTrainingJobStatus Status, TrainingJob Job)> FailAsync(string purpose, string fault)
    {
        await using var @namespace = await TestNamespace.CreateAsync(purpose);
        await @namespace.MakeInputsAsync();
        await using var @operator = await OperatorProcess.StartAsync(@namespace, timeScale: 0.5);
        using var npus = await Npus.ReserveAsync(nodes: 2, each: 2);
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Small("fails", steps: 8, $"spec: {{workers: {{nodes: 2}}, failurePolicy: {{maxRestarts: 0}}, env: [{{name: STANDIN_FAULT, value: '{fault}'}}]}}"));
        var status = await job.ReachesAsync(JobPhase.Failed);
        await job.LosesItsTrainersAsync();
        Assert.Empty(await Kube.ListAsync(ApiResources.StatefulSets, @namespace.Name));
        Assert.Null(status.Failing);
        Assert.NotNull(status.CompletionTime);
        return (status, job);
    }
}
