using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using GrpoOperator.KubeRuntime.Events;
using GrpoOperator.KubeRuntime.Leadership;
using GrpoOperator.Operator.Reconcile;
using GrpoOperator.Operator.Views;
using GrpoOperator.Training;

namespace GrpoOperator.Simulation.Operators;

/// <summary>
/// One process of the operator while it leads: the real Observer, Decide and Executor, on caches that each lag behind the
/// server by their own. What it remembers dies with it.
/// </summary>
internal sealed class Leader
{
    private const double SameKeyPause = 0.1;

    private readonly World world;
    private readonly List<Feed> feeds = [];
    private readonly JobCaches caches;
    private readonly Observer observer;
    private readonly Executor executor;
    private readonly ConsoleBook consoles = new();
    private readonly ConsoleReaders readers;
    private readonly Dictionary<NamespacedName, Work> work = [];

    public Leader(World world, int number)
    {
        this.world = world;
        Number = number;
        var api = new LeaderApi(world, this);
        caches = new JobCaches
        {
            Jobs = Feed(Resources.TrainingJobs, TrainingJobView.Decode),
            Pods = Feed<ChildView<ObservedPod>>(ApiResources.Pods, ViewDecoders.Pod),
            StatefulSets = Feed<ChildView<ObservedStatefulSet>>(ApiResources.StatefulSets, ViewDecoders.StatefulSet),
            BatchJobs = Feed<ChildView<ObservedBatchJob>>(ApiResources.Jobs, ViewDecoders.BatchJob),
            Services = Feed<ChildView<ObservedService>>(ApiResources.Services, ViewDecoders.Service),
            ConfigMaps = Feed<ChildView<ObservedConfigMap>>(ApiResources.ConfigMaps, ViewDecoders.ConfigMap),
            NetworkPolicies = Feed<ChildView<string>>(ApiResources.NetworkPolicies, ViewDecoders.NetworkPolicy),
            Refusals = [],
            ScaleUps = new Store<RefusalView>(world.Time),
            Nodes = Feed<NodeView>(ApiResources.Nodes, NodeView.Decode),
        };
        caches.AddIndexes();
        var answers = new AnswerBook();
        observer = new Observer(caches, answers, consoles, world.Timings, world.Time);
        executor = new Executor(api, new NotingWriter(api, feeds.Select(feed => feed.OwnWrites)), answers, new Silence(), world.Time);
        readers = new ConsoleReaders(world, this, consoles, Enqueue);
        Triggers.Watch(caches, answers, Enqueue);
        caches.Jobs.Subscribe(change =>
        {
            if (change.New is null) readers.Forget(change.View.NamespacedName);
        });
        foreach (var feed in feeds) feed.List();
    }

    public int Number { get; }

    /// <summary>False once it has died or lost its lease: nothing more leaves it.</summary>
    public bool Leads { get; private set; } = true;

    /// <summary>The process ends, or another leads.</summary>
    public void End() => Leads = false;

    /// <summary>Whether every cache shows all that happened.</summary>
    public bool IsCaughtUp => feeds.TrueForAll(feed => !feed.IsBehind);

    /// <summary>Lets every cache catch up at once.</summary>
    public void CatchUp()
    {
        foreach (var feed in feeds) feed.Advance(int.MaxValue);
    }

    /// <summary>What would be decided now, without doing it; null when its caches lack the job.</summary>
    public (Observation Observation, Decision Decision)? Consider(NamespacedName job)
    {
        if (caches.Jobs.Get(job) is not { } view) return null;
        var observation = observer.Of(view, world.Facts);
        return (observation, Decide.For(observation, world.Policies));
    }

    /// <summary>Something changed: the caches of that resource will hear of it.</summary>
    public void Hear(ApiResource resource)
    {
        if (!Leads) return;
        foreach (var feed in feeds)
        {
            if (feed.Resource != resource || feed.Delivering) continue;
            feed.Delivering = true;
            world.Agenda.After(feed.Lag, () => Deliver(feed));
        }
    }

    /// <summary>Has a job looked at soon.</summary>
    public void Enqueue(NamespacedName job)
    {
        if (!work.TryGetValue(job, out var found)) work[job] = found = new Work();
        if (found.Queued || !Leads) return;
        found.Queued = true;
        var pause = Math.Max(world.Order.Seconds(0.001, 0.2), SameKeyPause - (world.Time.Now - found.Started).TotalSeconds);
        world.Agenda.AfterAsync(pause, () => RunAsync(job, found));
    }

    private void Deliver(Feed feed)
    {
        if (!Leads) return;
        feed.Advance(world.Order.OneIn(3) ? world.Order.Between(1, 3) : int.MaxValue);
        feed.Lag = world.Operators.NextLag();
        feed.Delivering = feed.IsBehind;
        if (feed.Delivering) world.Agenda.After(feed.Lag, () => Deliver(feed));
    }

    private ValueTask RunAsync(NamespacedName job, Work found)
    {
        found.Queued = false;
        found.Started = world.Time.Now;
        return Leads ? ReconcileAsync(job, found) : ValueTask.CompletedTask;
    }

    private async ValueTask ReconcileAsync(NamespacedName job, Work found)
    {
        var timer = ++found.Timer;
        if (caches.Jobs.Get(job) is not { } view) return;
        var observation = observer.Of(view, world.Facts);
        var decision = Decide.For(observation, world.Policies);
        var sawAll = IsCaughtUp;
        try
        {
            readers.Follow(view, decision.Console);
            var again = await executor.CarryOutAsync(view, decision, CancellationToken.None);
            world.Promises.Decided(this, observation, decision, sawAll);
            if (again) Enqueue(job);
            else if (decision.LookAgainAt is { } at) LookAgain(job, found, timer, at);
        }
        catch (Exception exception) when (exception is KubeApiException or WriteRefusedException)
        {
            if (Leads) world.Agenda.After(world.Order.Seconds(0.05, 3), () => Enqueue(job));
        }
        catch (CrashException)
        {
            world.Operators.Crashed(this);
        }
    }

    private void LookAgain(NamespacedName job, Work found, int timer, DateTime at) =>
        world.Agenda.After((at - world.Time.Now.UtcDateTime).TotalSeconds, () =>
        {
            if (found.Timer == timer) Enqueue(job);
        });

    private Store<TView> Feed<TView>(ApiResource resource, ViewDecoder<TView> decode)
        where TView : class, IView
    {
        var store = new Store<TView>(world.Time);
        feeds.Add(new Feed<TView>(store, decode) { Resource = resource, Server = world.Server, Lag = world.Operators.NextLag() });
        return store;
    }

    /// <summary>A job's place in the queue.</summary>
    private sealed class Work
    {
        public bool Queued { get; set; }

        public DateTimeOffset Started { get; set; }

        /// <summary>Number of the newest timer; older ones are void.</summary>
        public int Timer { get; set; }
    }

    private sealed class Silence : IEventRecorder
    {
        public void Record(EventSubject subject, EventType type, string reason, string message, string discriminator = "")
        {
        }
    }
}
