using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>
/// Plays scheduler and kubelets of one namespace by hand: binds its pods to a node that nobody runs and writes the statuses
/// that containers would have. So a life takes seconds, and every state can be held.
/// </summary>
internal sealed class Hand : IAsyncDisposable
{
    /// <summary>What jobs have to say so that the real scheduler leaves their pods alone.</summary>
    public const string Job = "spec: {scheduling: {schedulerName: by-hand}, data: {prepare: null}}";

    /// <summary>Verdict of a trainer that ended well, with exit code 0.</summary>
    public const string Done = """{"v":1,"code":"Succeeded","step":3,"launched":true,"exit":0,"rank":0,"attempt":1,"incarnation":1,"message":"done","log":""}""";

    /// <summary>Verdict of a trainer that broke, with exit code 139: a failure of class Runtime.</summary>
    public const string Killed = """{"v":1,"code":"TrainerFailed","step":2,"launched":true,"exit":139,"rank":0,"attempt":1,"incarnation":1,"message":"it broke","log":"Segmentation fault"}""";

    private readonly TestNamespace @namespace;
    private readonly Mirror pods;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<string, byte> done = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> launched = new(StringComparer.Ordinal);
    private Task working = Task.CompletedTask;

    private Hand(TestNamespace @namespace)
    {
        this.@namespace = @namespace;
        pods = new Mirror(ApiResources.Pods, @namespace.Name);
    }

    /// <summary>Which pods get their node, by rank; a Job's pod has rank -1.</summary>
    public Func<int, bool> BindsRank { get; set; } = _ => true;

    /// <summary>Whether trainers become ready.</summary>
    public bool Launches { get; set; } = true;

    /// <summary>Whether a ready rank 0 ends well.</summary>
    public bool Finishes { get; set; } = true;

    public static async Task<Hand> StartAsync(TestNamespace @namespace)
    {
        await ByHand.BeatAsync();
        var hand = new Hand(@namespace);
        hand.working = Task.WhenAll(hand.WorkAsync(), hand.BeatAsync());
        return hand;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        try
        {
            await working;
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }

        await pods.DisposeAsync();
        stop.Dispose();
    }

    private async Task WorkAsync()
    {
        using var period = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await period.WaitForNextTickAsync(stop.Token)) await Task.WhenAll(pods.Objects.Select(MoveAsync));
    }

    /// <summary>By itself: however long pods take, the node is not to be called lost.</summary>
    private async Task BeatAsync()
    {
        using var period = new PeriodicTimer(TimeSpan.FromSeconds(5));
        while (await period.WaitForNextTickAsync(stop.Token)) await ByHand.BeatAsync();
    }

    /// <summary>Takes a pod one step further.</summary>
    private async Task MoveAsync(JsonObject pod)
    {
        var name = Kube.Text(pod, "metadata", "name")!;
        var component = Kube.Text(pod, "metadata", "labels", "app.kubernetes.io/component");
        try
        {
            if (Kube.At(pod, "metadata", "deletionTimestamp") is not null)
                await Kube.DeleteAsync(ApiResources.Pods, @namespace.Name, name, graceSeconds: 0);
            else if (Kube.Text(pod, "spec", "nodeName") is null)
                await BindAsync(name);
            else if (component != "trainer")
                await OnceAsync(pod, "end", () => EndAsync(pod, 0, ResultOf(component!)));
            else if (Launches)
                await TrainAsync(pod, name);
        }
        catch (KubeApiException exception) when (exception.IsNotFound || exception.IsConflict)
        {
            // The pod went meanwhile.
        }
    }

    private async Task TrainAsync(JsonObject pod, string name)
    {
        if (!done.ContainsKey(Key(pod, "end")) && !Kube.IsReady(pod)) await LaunchAsync(pod);
        if (Finishes && name.EndsWith("-0", StringComparison.Ordinal) && Kube.IsReady(pod))
            await OnceAsync(pod, "end", () => EndAsync(pod, 0, Done));
    }

    /// <summary>
    /// Tells that a trainer runs, and again when that was taken back: Kubernetes does so with the pods of a node that was late
    /// with its lease. Not before the mirror had time to show the first telling.
    /// </summary>
    private async Task LaunchAsync(JsonObject pod)
    {
        var uid = Kube.Text(pod, "metadata", "uid")!;
        if (launched.TryGetValue(uid, out var at) && TimeProvider.System.GetElapsedTime(at) < TimeSpan.FromSeconds(5)) return;
        await ByHand.TellAsync(@namespace.Name, pod, ByHand.Running(), "Running", ready: true);
        launched[uid] = TimeProvider.System.GetTimestamp();
    }

    /// <summary>Lets a rank's container end, once for each pod; nothing happens while none runs.</summary>
    public async Task EndRankAsync(TrainingJob job, int rank, int exitCode, string message)
    {
        if (await Kube.GetAsync(ApiResources.Pods, @namespace.Name, $"{job.Name}-{rank}") is { } pod && launched.ContainsKey(Kube.Text(pod, "metadata", "uid")!))
            await OnceAsync(pod, "end", () => EndAsync(pod, exitCode, message));
    }

    /// <summary>
    /// Lets a container end: a Job's pod with it, while a trainer's container is started again to idle, as kubelets do with
    /// pods of a StatefulSet. (Its controller would replace a pod of phase <c>Failed</c> at once.)
    /// </summary>
    public Task EndAsync(JsonObject pod, int exitCode, string message)
    {
        var end = ByHand.Ended(exitCode, message);
        return Kube.Text(pod, "metadata", "labels", "app.kubernetes.io/component") == "trainer"
            ? ByHand.TellAsync(@namespace.Name, pod, ByHand.Running(), "Running", ready: false, end)
            : ByHand.TellAsync(@namespace.Name, pod, end, exitCode == 0 ? "Succeeded" : "Failed", ready: false);
    }

    private async Task BindAsync(string name)
    {
        // The end of a Job's pod is made up, and longer.
        var end = name[(name.LastIndexOf('-') + 1)..];
        if (!BindsRank(end.Length == 1 && char.IsAsciiDigit(end[0]) ? end[0] - '0' : -1)) return;
        await ByHand.BindAsync(@namespace.Name, name);
    }

    private async Task OnceAsync(JsonObject pod, string what, Func<Task> act)
    {
        if (done.TryAdd(Key(pod, what), 0)) await act();
    }

    private static string Key(JsonObject pod, string what) => $"{Kube.Text(pod, "metadata", "uid")}/{what}";

    private static string ResultOf(string component) => component switch
    {
        "inspector" => """{"v":1,"kind":"inspection","node":"by-hand","weights":"NotChecked","data":"Present","trainRows":7473,"valRows":1319,"findings":[]}""",
        _ => """{"v":1,"kind":"data","code":"Prepared","message":"made"}""",
    };
}
