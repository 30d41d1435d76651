using GrpoOperator.Crds;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.E2E;

/// <summary>
/// The published sample under the operator as users have it, whose leader is killed in the middle; what was seen meanwhile.
/// Run once for all tests about it.
/// </summary>
public sealed class DeployedOperator : IAsyncLifetime
{
    public const int Steps = 12;

    internal GrpoTrainingJobStatus AtKill { get; private set; } = new();

    internal GrpoTrainingJobStatus End { get; private set; } = new();

    internal OperatorPod Leader { get; private set; } = new([]);

    internal OperatorPod Standby { get; private set; } = new([]);

    internal OperatorPod LeaderAtEnd { get; private set; } = new([]);

    /// <summary>The killed leader's pod, once its container runs again.</summary>
    internal OperatorPod Killed { get; private set; } = new([]);

    internal IReadOnlyDictionary<string, string[]> Process { get; private set; } = new Dictionary<string, string[]>(StringComparer.Ordinal);

    internal string[] RootMount { get; private set; } = [];

    /// <summary>What the job was told about, one line an event; for whoever reads a failure.</summary>
    internal string Told { get; private set; } = string.Empty;

    internal IReadOnlyList<AuditedRequest> Requests { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        if (!TestCluster.HasOperatorImage) return;
        var audit = new AuditLog();
        await using var @namespace = await TestNamespace.CreateAsync("deployed", granted: false);
        await @namespace.MakeInputsAsync();
        await using var release = await OperatorRelease.InstallAsync(@namespace);
        using var npus = await Npus.ReserveAsync(nodes: 2, each: 16);
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Published("deployed", Steps, "spec: {env: [{name: STANDIN_SECONDS_PER_STEP, value: '1'}]}"));
        AtKill = await job.SeesAsync("a step", status => status is { Phase: JobPhase.Running, Progress.Step: > 0 });
        Leader = await OperatorRelease.LeaderAsync();
        Standby = (await OperatorRelease.PodsAsync()).Single(pod => pod.Name != Leader.Name);
        Process = await Leader.ProcessAsync();
        RootMount = await Leader.RootMountAsync();
        await Leader.KillAsync();

        End = await job.ReachesAsync(JobPhase.Succeeded);
        await job.LosesItsTrainersAsync();
        Told = await TestCluster.KubectlAsync("get", "events", "-n", @namespace.Name, "--sort-by=.lastTimestamp", "-o", "custom-columns=OBJECT:.involvedObject.name,REASON:.reason,MESSAGE:.message");
        LeaderAtEnd = await OperatorRelease.LeaderAsync();
        Killed = await Eventually.SeeAsync(
            async () => (await OperatorRelease.PodsAsync()).SingleOrDefault(pod => pod.Name == Leader.Name && (int?)pod.Container["restartCount"] == 1 && pod.Container["state"]!["running"] is not null),
            TimeSpan.FromSeconds(30), "the killed container runs again", OperatorRelease.LogsAsync);
        Requests = audit.RequestsBy(OperatorRelease.User);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
