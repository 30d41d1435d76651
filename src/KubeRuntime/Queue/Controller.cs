using System.Collections.Concurrent;
using System.Collections.Immutable;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using GrpoOperator.KubeRuntime.Leadership;
using Microsoft.Extensions.Logging;

namespace GrpoOperator.KubeRuntime.Queue;

/// <summary>How a <see cref="Controller"/> works. Times are generous: they contain accidents, they don't steer.</summary>
public sealed record ControllerOptions
{
    /// <summary>Reconciles at the same time.</summary>
    public int Workers { get; init; } = 16;

    /// <summary>A reconcile that takes longer is cancelled and counts as failed.</summary>
    public TimeSpan ReconcileTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often everything is looked at though nothing happened (± 10 %), in <see cref="Lane.Resync"/>.</summary>
    public TimeSpan Resync { get; init; } = TimeSpan.FromHours(10);
}

/// <summary>Asks for a reconcile of a key.</summary>
public delegate void Enqueue(NamespacedName key, Lane lane);

/// <summary>Turns changes in caches into keys, and keys into reconciles.</summary>
/// <remarks>Works only while it runs, that is on the leader. What happens before is not queued: a start looks at everything that the
/// caches show, so nothing is missed, and a standby's queue doesn't grow.</remarks>
public sealed partial class Controller : IDisposable
{
    private readonly IReconciler _reconciler;
    private readonly ControllerOptions _options;
    private readonly TimeProvider _time;
    private readonly Jitter _jitter;
    private readonly IRuntimeMetrics _metrics;
    private readonly ILogger _log;
    private readonly WorkQueue<NamespacedName> _queue;
    private readonly ConcurrentDictionary<NamespacedName, long> _running = new();
    private ImmutableArray<Action> _replays = [];
    private volatile bool _open;

    /// <summary>Makes a controller; <see cref="Watch"/> tells it what to look at.</summary>
    public Controller(
        string name, IReconciler reconciler, ControllerOptions options, TimeProvider time, Random random, IRuntimeMetrics metrics, ILogger<Controller> log)
    {
        Name = name;
        _reconciler = reconciler;
        _options = options;
        _time = time;
        _jitter = new Jitter(random);
        _metrics = metrics;
        _log = log;
        _queue = new WorkQueue<NamespacedName>(name, time, random, metrics);
    }

    /// <summary>Name in logs and metrics.</summary>
    public string Name { get; }

    /// <summary>How long the oldest reconcile that hasn't ended has been running.</summary>
    public TimeSpan LongestRunning =>
        _running.IsEmpty ? TimeSpan.Zero : _time.GetElapsedTime(_running.Values.DefaultIfEmpty(_time.GetTimestamp()).Min());

    /// <summary>A reconcile this long ago still running means that something is stuck that should not be able to be.</summary>
    public TimeSpan StuckAfter => _options.ReconcileTimeout * 2;

    /// <summary>Lets a cache's changes ask for reconciles.</summary>
    /// <param name="store">The cache.</param>
    /// <param name="map">Which keys a change is about, and how urgent it is.</param>
    public void Watch<TView>(Store<TView> store, Action<StoreChange<TView>, Enqueue> map)
        where TView : class, IView
    {
        ArgumentNullException.ThrowIfNull(store);
        store.Subscribe(Tell);
        _replays = _replays.Add(() =>
        {
            foreach (var view in store.All())
                Tell(new StoreChange<TView>(null, view, Initial: true));
        });

        void Tell(StoreChange<TView> change)
        {
            if (!_open)
                return;
            try
            {
                map(change, change.Initial ? (key, _) => Enqueue(key, Lane.Resync) : Enqueue);
            }
            catch (Exception e)
            {
                // A defect in a mapping must not stop the watch that feeds it.
                Log.MappingFailed(_log, Name, change.View.NamespacedName, e);
            }
        }
    }

    /// <summary>Asks for a reconcile, unless the controller isn't running.</summary>
    public void Enqueue(NamespacedName key, Lane lane)
    {
        if (_open)
            _queue.Add(key, lane);
    }

    /// <summary>Reconciles until told to stop; ends when the reconciles under way have ended.</summary>
    /// <param name="stop">No further key is taken.</param>
    /// <param name="abort">Reconciles under way are cancelled.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        _open = true;
        Replay();
        try
        {
            await Task.WhenAll(Enumerable.Range(0, _options.Workers).Select(_ => WorkAsync(stop, abort)).Append(ResyncAsync(stop)));
        }
        finally
        {
            _open = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _queue.Dispose();

    private void Replay()
    {
        foreach (var replay in _replays)
            replay();
    }

    private async Task ResyncAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay((_options.Resync * 0.9) + _jitter.Full(_options.Resync * 0.2), _time, stop);
                Replay();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task WorkAsync(CancellationToken stop, CancellationToken abort)
    {
        while (!stop.IsCancellationRequested)
        {
            NamespacedName key;
            try
            {
                key = await _queue.TakeAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var start = _time.GetTimestamp();
            _running[key] = start;
            _metrics.ActiveWorkers(Name, _running.Count);
            var outcome = await ReconcileAsync(key, abort);
            _running.TryRemove(key, out _);
            _metrics.ActiveWorkers(Name, _running.Count);
            _metrics.ReconcileFinished(Name, outcome, _time.GetElapsedTime(start));
            _queue.Done(key);
        }
    }

    /// <summary>One reconcile, with all that can go wrong in it contained.</summary>
    private async Task<ReconcileOutcome> ReconcileAsync(NamespacedName key, CancellationToken abort)
    {
        using var timeout = new CancellationTokenSource(_options.ReconcileTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, abort);
        try
        {
            var result = await _reconciler.ReconcileAsync(key, either.Token);
            _queue.Forget(key);
            _queue.LookAgainAt(key, result.LookAgainAt);
            return result.LookAgainAt is null ? ReconcileOutcome.Success : ReconcileOutcome.RequeueAfter;
        }
        catch (KubeApiException e) when (e.IsConflict)
        {
            Log.Conflict(_log, Name, key, e.Message);
            _queue.Retry(key);
            return ReconcileOutcome.Requeue;
        }
        catch (KubeApiException e)
        {
            Log.Refused(_log, Name, key, e.StatusCode, e.Reason, e.Message);
            _queue.Retry(key, e.RetryAfter);
            return ReconcileOutcome.Error;
        }
        catch (WriteRefusedException)
        {
            Log.NotLeading(_log, Name, key);
            _queue.Retry(key);
            return ReconcileOutcome.Requeue;
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            return ReconcileOutcome.Requeue;
        }
        catch (Exception e)
        {
            Log.Failed(_log, Name, key, e);
            _queue.Retry(key);
            return ReconcileOutcome.Error;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(101, LogLevel.Debug, "{Controller} {Key}: conflict, looks again: {Message}")]
        public static partial void Conflict(ILogger log, string controller, NamespacedName key, string message);

        [LoggerMessage(102, LogLevel.Warning, "{Controller} {Key}: the API server answered {Code} {Reason}: {Message}")]
        public static partial void Refused(ILogger log, string controller, NamespacedName key, int code, string reason, string message);

        [LoggerMessage(103, LogLevel.Information, "{Controller} {Key}: not sure to lead, nothing was written")]
        public static partial void NotLeading(ILogger log, string controller, NamespacedName key);

        [LoggerMessage(104, LogLevel.Error, "{Controller} {Key}: reconcile failed")]
        public static partial void Failed(ILogger log, string controller, NamespacedName key, Exception exception);

        [LoggerMessage(105, LogLevel.Error, "{Controller}: a change of {Key} could not be mapped")]
        public static partial void MappingFailed(ILogger log, string controller, NamespacedName key, Exception exception);
    }
}
