using System.Text.Json.Nodes;
using GrpoOperator.Crds;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>A whole life against the real API server and its controllers, with pods that are moved by hand.</summary>
public sealed class LifeTests
{
    [ClusterFact]
    public async Task A_job_goes_through_its_phases_as_its_pods_do()
    {
        await using var @namespace = await TestNamespace.CreateAsync("life", volumes: false);
        await using var hand = await Hand.StartAsync(@namespace);
        hand.BindsRank = _ => false;
        hand.Launches = hand.Finishes = false;
        await using var @operator = await InProcessOperator.StartAsync(@namespace);
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Small("life", 3, Hand.Job));

        await job.ReachesAsync(JobPhase.Preparing);
        hand.BindsRank = _ => true;
        var starting = await job.ReachesAsync(JobPhase.Starting);
        Assert.Equal("by-hand", Assert.Single(starting.CurrentAttempt!.Pods!).Node);
        await Eventually.BeTrueAsync(() => IsSealedAsync(job), TimeSpan.FromSeconds(20), "the StatefulSet is sealed", job.DescribeAsync);

        hand.Launches = true;
        var running = await job.ReachesAsync(JobPhase.Running);
        Assert.NotNull(running.CurrentAttempt!.LaunchTime);

        hand.Finishes = true;
        var end = await job.ReachesAsync(JobPhase.Succeeded);
        Assert.Equal((3, 1, 1), (end.Progress!.Step!.Value, end.AttemptsUsed, end.Incarnation));
        await job.LosesItsTrainersAsync();
        Assert.Empty(await Kube.ListAsync(ApiResources.StatefulSets, @namespace.Name));
    }

    [ClusterFact]
    public async Task A_trainer_that_fails_ends_the_job_with_what_its_launcher_said()
    {
        await using var @namespace = await TestNamespace.CreateAsync("failed-life", volumes: false);
        await using var hand = await Hand.StartAsync(@namespace);
        hand.Finishes = false;
        await using var @operator = await InProcessOperator.StartAsync(@namespace);
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Merge(Samples.Small("life", 3, Hand.Job), Samples.Yaml("spec: {failurePolicy: {maxRestarts: 0}}"))!.AsObject());
        await job.ReachesAsync(JobPhase.Running);

        var pod = Assert.Single(await job.PodsAsync());
        await hand.EndAsync(pod, 3, """{"v":1,"code":"TrainerFailed","step":2,"launched":true,"exit":3,"rank":0,"attempt":1,"incarnation":1,"message":"it broke","log":"the last line"}""");
        var attempt = Assert.Single((await job.ReachesAsync(JobPhase.Failed)).Attempts!);
        Assert.Equal((3, 0, "life-0", "by-hand", 2), (attempt.ExitCode, attempt.Rank, attempt.Pod, attempt.Node, attempt.LastStep));
        Assert.Contains("it broke", attempt.Message, StringComparison.Ordinal);
        Assert.Contains("the last line", attempt.Message, StringComparison.Ordinal);
        await job.LosesItsTrainersAsync();
    }

    [ClusterFact]
    public async Task A_hundred_jobs_at_once_are_all_brought_to_their_end()
    {
        const int Jobs = 100;
        await using var @namespace = await TestNamespace.CreateAsync("hundred", volumes: false);
        await using var hand = await Hand.StartAsync(@namespace);
        DyingWriter? writes = null;
        await using var @operator = await InProcessOperator.StartAsync(@namespace, inner => writes = new DyingWriter(inner));
        var jobs = await Task.WhenAll(Enumerable.Range(0, Jobs).Select(n => TrainingJob.CreateAsync(@namespace, Samples.Small($"job-{n}", 3, Hand.Job))));
        foreach (var job in jobs) await job.ReachesAsync(JobPhase.Succeeded);
        foreach (var job in jobs) Assert.Equal((1, 1, 0), await EndAsync(job));
        var made = writes!.Sent.Where(write => write.StartsWith("create ", StringComparison.Ordinal)).CountBy(write => write).ToDictionary(StringComparer.Ordinal);
        Assert.All(made.Values, count => Assert.Equal(Jobs, count));
        Assert.Equal(5, made.Count);
    }

    private static async Task<(int Incarnation, int Attempts, int Restarts)> EndAsync(TrainingJob job)
    {
        var status = await job.StatusAsync();
        return (status.Incarnation, status.AttemptsUsed, status.Restarts);
    }

    private static async Task<bool> IsSealedAsync(TrainingJob job) =>
        (await Kube.GetAsync(ApiResources.StatefulSets, job.Namespace, job.Name))?["spec"]!["template"]!["spec"]!["containers"]![0]!["env"] is JsonArray env
        && env.Any(entry => Kube.Text(entry, "name") == "GRPO_SEALED");
}
