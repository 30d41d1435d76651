using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using GrpoOperator.KubeRuntime.Events;
using GrpoOperator.Operator.Progress;
using GrpoOperator.Operator.Reconcile;
using GrpoOperator.Operator.Views;
using GrpoOperator.Training;
using Microsoft.Extensions.Time.Testing;

namespace GrpoOperator.Simulation;

/// <summary>
/// One process of the operator: the real Observer, Decide and Executor, on caches that each lag behind the world as the
/// simulation wants. What it remembers dies with it.
/// </summary>
internal sealed class SimulatedOperator
{
    private readonly List<Feed> feeds = [];
    private readonly GrpoTrainingJobController controller;
    private readonly NamespacedName job;

    public SimulatedOperator(World world, NamespacedName job, FakeTimeProvider time, Func<bool> mayWrite)
    {
        this.job = job;
        Api = new SimulatedApi(world, mayWrite);
        var caches = new JobCaches
        {
            Jobs = Feed(world, time, Resources.TrainingJobs, TrainingJobView.Decode),
            Pods = Feed(world, time, ApiResources.Pods, ViewDecoders.Pod),
            StatefulSets = Feed(world, time, ApiResources.StatefulSets, ViewDecoders.StatefulSet),
            BatchJobs = Feed(world, time, ApiResources.Jobs, ViewDecoders.BatchJob),
            Services = Feed(world, time, ApiResources.Services, ViewDecoders.Service),
            ConfigMaps = Feed(world, time, ApiResources.ConfigMaps, ViewDecoders.ConfigMap),
            NetworkPolicies = Feed(world, time, ApiResources.NetworkPolicies, ViewDecoders.NetworkPolicy),
            Refusals = [],
        };
        caches.AddIndexes();
        var noting = new NotingWriter(Api, feeds.Select(feed => feed.OwnWrites));
        var answers = new AnswerBook();
        var consoles = new ConsoleBook();
        var timings = new Timings();
        var executor = new Executor(Api, noting, answers, new NoEvents(), time);
        controller = new GrpoTrainingJobController(
            caches, new ClusterProbe(Api, new ClusterFacts(), time), new Observer(caches, answers, consoles, timings, time), executor,
            new LogPoller(Api, consoles, timings, time), answers, consoles, time);
        foreach (var feed in feeds) feed.List();
    }

    public SimulatedApi Api { get; }

    /// <summary>When it asked to look at the job again; now when it must.</summary>
    public DateTimeOffset? LookAgainAt { get; private set; }

    /// <summary>Something happened that its caches show and no reconcile has seen.</summary>
    public bool Dirty { get; private set; } = true;

    /// <summary>Caches that have something to catch up on.</summary>
    public IReadOnlyList<Feed> Behind => [.. feeds.Where(feed => feed.IsBehind)];

    /// <summary>Lets one cache catch up by some changes.</summary>
    public void Deliver(Feed feed, int changes)
    {
        feed.Advance(changes);
        Dirty = true;
    }

    /// <summary>One reconcile; a conflict or a held-back write leaves the key dirty, as the queue's retry would.</summary>
    public async Task ReconcileAsync()
    {
        Dirty = false;
        LookAgainAt = null;
        try
        {
            LookAgainAt = (await controller.ReconcileAsync(job, CancellationToken.None)).LookAgainAt;
        }
        catch (Exception exception) when (exception is KubeApiException or KubeRuntime.Leadership.WriteRefusedException)
        {
            Dirty = true;
        }
    }

    private Store<TView> Feed<TView>(World world, FakeTimeProvider time, ApiResource resource, ViewDecoder<TView> decode)
        where TView : class, IView
    {
        var store = new Store<TView>(time);
        feeds.Add(new Feed<TView>(world, resource, store, decode));
        return store;
    }

    private sealed class NoEvents : IEventRecorder
    {
        public void Record(EventSubject subject, EventType type, string reason, string message, string discriminator = "")
        {
        }
    }
}

/// <summary>A cache's place in the world's log.</summary>
internal abstract class Feed
{
    public abstract IOwnWrites OwnWrites { get; }

    public abstract bool IsBehind { get; }

    public abstract void List();

    public abstract void Advance(int changes);
}

/// <inheritdoc cref="Feed"/>
internal sealed class Feed<TView>(World world, ApiResource resource, Store<TView> store, ViewDecoder<TView> decode) : Feed, IOwnWrites
    where TView : class, IView
{
    private int place;

    public override IOwnWrites OwnWrites => this;

    public override bool IsBehind => world.Log.Skip(place).Any(change => change.Resource == resource);

    public ApiResource Resource => resource;

    public override void List()
    {
        place = world.Log.Count;
        foreach (var stored in world.All(resource)) Put(stored.Utf8());
    }

    public override void Advance(int changes)
    {
        for (; place < world.Log.Count && changes > 0; place++)
        {
            var change = world.Log[place];
            if (change.Resource != resource) continue;
            changes--;
            if (change.Object is { } stored) Put(stored.Utf8());
            else store.Remove(change.Name, change.Uid);
        }
    }

    public void Wrote(ReadOnlySpan<byte> answer)
    {
        if (decode(answer) is { } view) store.Written(view);
    }

    public void Removed(NamespacedName name, string uid) => store.Deleted(name, uid);

    public void Forget() => store.ForgetOwnWrites();

    private void Put(ReadOnlyMemory<byte> json)
    {
        if (decode(json.Span) is { } view) store.Apply(view);
    }
}
