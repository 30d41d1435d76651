using System.Text.Json.Nodes;
using GrpoOperator.Crds;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;
using GrpoOperator.Operator.Reconcile;

namespace GrpoOperator.Operator.E2E;

/// <summary>
/// The published two-node sample, twice on the same volumes, each to its end; what was seen meanwhile. It takes both nodes
/// whole, so it is run once for all tests about it.
/// </summary>
public sealed class PublishedSample : IAsyncLifetime
{
    private const int Steps = 6;

    private readonly List<IAsyncDisposable> open = [];

    internal GrpoTrainingJobStatus First { get; private set; } = new();

    internal GrpoTrainingJobStatus Second { get; private set; } = new();

    internal string[] ReceivedArguments { get; private set; } = [];

    internal string Table { get; private set; } = string.Empty;

    internal IReadOnlyList<JsonObject> PodStates { get; private set; } = [];

    internal IReadOnlyList<JsonObject> JobStates { get; private set; } = [];

    internal IReadOnlyList<AuditedRequest> FirstWrites { get; private set; } = [];

    internal IReadOnlyList<AuditedRequest> SecondWrites { get; private set; } = [];

    internal IReadOnlyList<string> ChildrenOfSecond { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        if (!TestCluster.IsGiven) return;
        var @namespace = Opened(await TestNamespace.CreateAsync("published"));
        await @namespace.MakeInputsAsync();
        var pods = Opened(await Recording.StartAsync(ApiResources.Pods, @namespace.Name));
        var jobs = Opened(await Recording.StartAsync(Resources.TrainingJobs, @namespace.Name));
        Opened(await OperatorProcess.StartAsync(@namespace));

        var audit = new AuditLog();
        using var npus = await Npus.ReserveAsync(nodes: 2, each: 16);
        var first = await TrainingJob.CreateAsync(@namespace, Samples.Published("first", Steps, "spec: {env: [{name: STANDIN_SECONDS_PER_STEP, value: '4'}]}"));
        await ReadWhileItRunsAsync(first);
        First = await first.ReachesAsync(JobPhase.Succeeded);
        await first.LosesItsTrainersAsync();
        FirstWrites = audit.WritesBy(@namespace.OperatorUser);

        audit = new AuditLog();
        var second = await TrainingJob.CreateAsync(@namespace, Samples.Published("second", Steps, "spec: {trainer: {checkpointDir: /data/checkpoints/second}}"));
        Second = await second.ReachesAsync(JobPhase.Succeeded);
        ChildrenOfSecond = [.. (await Kube.ListAsync(ApiResources.Jobs, @namespace.Name, "grpo-operator.dev/job=second")).Select(job => Kube.Text(job, "metadata", "name")!)];
        await second.LosesItsTrainersAsync();
        SecondWrites = audit.WritesBy(@namespace.OperatorUser);
        PodStates = [.. pods.States];
        JobStates = [.. jobs.States];
    }

    public async ValueTask DisposeAsync()
    {
        open.Reverse();
        foreach (var part in open) await part.DisposeAsync();
    }

    private async Task ReadWhileItRunsAsync(TrainingJob job)
    {
        await job.SeesAsync("a step", status => status is { Phase: JobPhase.Running, Progress.Step: > 0 });
        Table = await TestCluster.KubectlAsync("get", "grpo", "-n", job.Namespace);
        var argv = await TestCluster.KubectlAsync("exec", "-n", job.Namespace, $"{job.Name}-0", "-c", "trainer", "--", "cat", "/tmp/standin/argv.json");
        ReceivedArguments = [.. JsonNode.Parse(argv)!.AsArray().Select(argument => argument!.ToString())];
    }

    private T Opened<T>(T part)
        where T : IAsyncDisposable
    {
        open.Add(part);
        return part;
    }
}
