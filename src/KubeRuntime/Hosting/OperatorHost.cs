using System.Collections.Immutable;
using GrpoOperator.KubeRuntime.Caches;
using GrpoOperator.KubeRuntime.Events;
using GrpoOperator.KubeRuntime.Leadership;
using GrpoOperator.KubeRuntime.Queue;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GrpoOperator.KubeRuntime.Hosting;

/// <summary>Starts the parts of an operator in their order, and stops them in the reverse.</summary>
/// <remarks>
/// <para>Start: the host's own services (HTTP, so that probes are answered) → caches, on standbys too → election → reconciles.</para>
/// <para>Stop: not ready → no new reconciles → those under way end, or are cancelled after <see cref="Drain"/> → the last events → the lease is
/// released, so that a standby goes on at once → caches → HTTP.</para>
/// <para>Leadership lost: everything is cancelled, nothing released, and the process ends with exit code 1.</para>
/// </remarks>
public sealed partial class OperatorHost : IHostedLifecycleService, IDisposable
{
    /// <summary>How long reconciles under way may take to end.</summary>
    public static readonly TimeSpan Drain = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(3);

    private readonly ImmutableArray<IInformer> _informers;
    private readonly ImmutableArray<Controller> _controllers;
    private readonly ImmutableArray<ILeaderTask> _leaderTasks;
    private readonly ImmutableArray<IOwnWrites> _ownWrites;
    private readonly LeaderElector? _elector;
    private readonly WriteGate _gate;
    private readonly EventRecorder _events;
    private readonly OperatorHealth _health;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly CancellationTokenSource _stopRenewing = new();
    private readonly CancellationTokenSource _stopCaches = new();
    private Task _caches = Task.CompletedTask;
    private Task _leading = Task.CompletedTask;

    /// <summary>Gathers the parts; nothing runs yet.</summary>
    public OperatorHost(
        IEnumerable<IInformer> informers, IEnumerable<Controller> controllers, IEnumerable<ILeaderTask> leaderTasks, IEnumerable<IOwnWrites> ownWrites,
        WriteGate gate, EventRecorder events, OperatorHealth health, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<OperatorHost> log,
        LeaderElector? elector = null)
    {
        _informers = [.. informers];
        _controllers = [.. controllers];
        _leaderTasks = [.. leaderTasks];
        _ownWrites = [.. ownWrites];
        _elector = elector;
        _gate = gate;
        _events = events;
        _health = health;
        _lifetime = lifetime;
        _time = time;
        _log = log;
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _caches = Task.WhenAll(_informers.Select(informer => informer.RunAsync(_stopCaches.Token)));
        _leading = LeadAsync();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _health.IsStopping = true;
        await _stop.CancelAsync();
        await EndsWithinAsync(_leading, Drain);
        await _abort.CancelAsync();
        await EndsWithinAsync(_leading, LastWords);
        await _stopCaches.CancelAsync();
        await EndsWithinAsync(_caches, LastWords);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Dispose();
        _abort.Dispose();
        _stopRenewing.Dispose();
        _stopCaches.Dispose();
    }

    private async Task LeadAsync()
    {
        try
        {
            await Task.WhenAll(_informers.Select(informer => informer.Synced)).WaitAsync(_stop.Token);
            Log.Synced(_log);
            var keeping = await BecomeLeaderAsync();
            var work = WorkAsync();
            if (await Task.WhenAny(keeping, work) == keeping)
            {
                await LoseAsync(work);
                return;
            }

            await work;
            await _stopRenewing.CancelAsync();
            await keeping;
            if (_elector is not null)
                await ReleaseAsync(_elector);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped before it led.
        }
        catch (Exception e)
        {
            Log.Broken(_log, e);
            Fail();
        }
    }

    /// <summary>Answers, once this process leads, the task that ends when it no longer does.</summary>
    private async Task<Task> BecomeLeaderAsync()
    {
        if (_elector is null)
        {
            _gate.HoldOpen();
            return Task.Delay(Timeout.InfiniteTimeSpan, _time, _stopRenewing.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        await _elector.AcquireAsync(_stop.Token);
        // On a task of its own: nothing that others do to theirs holds up a renewal.
        return Task.Run(() => _elector.KeepAsync(_stopRenewing.Token));
    }

    private async Task WorkAsync()
    {
        using var eventsStop = CancellationTokenSource.CreateLinkedTokenSource(_abort.Token);
        var events = _events.RunAsync(eventsStop.Token);
        await Task.WhenAll([.. _controllers.Select(controller => controller.RunAsync(_stop.Token, _abort.Token)), .. _leaderTasks.Select(RunAsync)]);
        await eventsStop.CancelAsync();
        await events;
        using var lastWords = new CancellationTokenSource(LastWords, _time);
        await _events.FlushAsync(lastWords.Token);
    }

    private async Task RunAsync(ILeaderTask task)
    {
        try
        {
            await task.RunAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped.
        }
        catch (Exception e)
        {
            Log.Broken(_log, e);
            Fail();
        }
    }

    private async Task LoseAsync(Task work)
    {
        foreach (var cache in _ownWrites)
            cache.Forget();
        Fail();
        await _abort.CancelAsync();
        await _stop.CancelAsync();
        await EndsWithinAsync(work, LastWords);
    }

    private void Fail()
    {
        Environment.ExitCode = 1;
        _lifetime.StopApplication();
    }

    private async Task ReleaseAsync(LeaderElector elector)
    {
        using var lastWords = new CancellationTokenSource(LastWords, _time);
        await elector.ReleaseAsync(lastWords.Token);
    }

    private async Task EndsWithinAsync(Task task, TimeSpan limit)
    {
        try
        {
            await task.WaitAsync(limit, _time);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // It was given its time.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(501, LogLevel.Information, "All caches are filled")]
        public static partial void Synced(ILogger log);

        [LoggerMessage(502, LogLevel.Critical, "The operator can't go on")]
        public static partial void Broken(ILogger log, Exception exception);
    }
}
