using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;
using Microsoft.Extensions.Logging;

namespace GrpoOperator.KubeRuntime.Leadership;

/// <summary>Leads one of several equal processes, by a Lease object that one of them holds.</summary>
/// <remarks>
/// <para>No two clocks are ever compared. Another's lease may be taken when this process has seen it <i>unchanged</i> for the duration that the
/// lease itself names, by this process' monotonic clock. A leader acts until <see cref="LeaderElectionOptions.RenewDeadline"/> after the
/// <i>start</i> of its last successful renewal, which is earlier than anybody else's count can end.</para>
/// <para>One failed renewal is no loss: it is tried again until that deadline. Once lost, nothing is renewed any more; the process is to end,
/// since whatever it was doing may be half done.</para>
/// </remarks>
public sealed partial class LeaderElector
{
    private readonly IKubeApi _api;
    private readonly LeaderElectionOptions _options;
    private readonly WriteGate _gate;
    private readonly TimeProvider _time;
    private readonly Jitter _jitter;
    private readonly IRuntimeMetrics _metrics;
    private readonly ILogger _log;
    private LeaseRecord? _seen;
    private long _seenAt;
    private long _renewedAt;
    private long _tickedAt;

    /// <summary>Makes an elector; <see cref="AcquireAsync"/> starts it.</summary>
    /// <param name="api">A client of its own, that nothing else keeps busy.</param>
    /// <param name="options">Who, what, how patiently.</param>
    /// <param name="gate">Opened and shut for all other writes.</param>
    /// <param name="time">Clocks.</param>
    /// <param name="random">Jitter.</param>
    /// <param name="metrics">Told of gain and loss.</param>
    /// <param name="log">Logger.</param>
    public LeaderElector(
        IKubeApi api, LeaderElectionOptions options, WriteGate gate, TimeProvider time, Random random, IRuntimeMetrics metrics, ILogger<LeaderElector> log)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        _api = api;
        _options = options;
        _gate = gate;
        _time = time;
        _jitter = new Jitter(random);
        _metrics = metrics;
        _log = log;
    }

    /// <summary>Whether the election is under way but has done nothing for twice a lease's duration: it hangs.</summary>
    public bool Hangs => Interlocked.Read(ref _tickedAt) is > 0 and var at && _time.GetElapsedTime(at) > _options.LeaseDuration * 2;

    /// <summary>Ends when this process leads.</summary>
    public async Task AcquireAsync(CancellationToken cancellationToken)
    {
        _metrics.Leading(_options.Lease.Name, leading: false);
        while (!await TryAsync(_options.RenewDeadline, cancellationToken))
            await Task.Delay(_options.RetryPeriod + _jitter.Full(_options.RetryPeriod * 0.2), _time, cancellationToken);
        Log.Acquired(_log, _options.Identity, _options.Lease);
        _metrics.Leading(_options.Lease.Name, leading: true);
    }

    /// <summary>Renews until leadership is lost (it then ends), or until cancelled (leadership is then still held, and to be released).</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Positive(Shorter(_options.RetryPeriod, Left)), _time, cancellationToken);
                // A request that hangs leaves time for another one.
                if (Left <= TimeSpan.Zero || (!await TryAsync(Shorter(_options.RenewDeadline / 2, Left), cancellationToken) && IsAnothers))
                    break;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
        finally
        {
            Interlocked.Exchange(ref _tickedAt, 0);
        }

        _gate.Close();
        _metrics.Leading(_options.Lease.Name, leading: false);
        Log.Lost(_log, _options.Identity, _options.Lease, _seen?.Holder ?? "");
    }

    /// <summary>Gives a held lease back, so that a standby needn't wait for it to run out. To be called when nothing is written any more.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        _gate.Close();
        _metrics.Leading(_options.Lease.Name, leading: false);
        if (_seen?.Holder != _options.Identity)
            return;
        try
        {
            await PatchAsync(LeaseRecord.Spec("", TimeSpan.FromSeconds(1), null, _time.GetUtcNow(), _seen.Transitions), cancellationToken);
            Log.Released(_log, _options.Identity, _options.Lease);
        }
        catch (KubeApiException e)
        {
            Log.Failed(_log, _options.Lease, e.Reason, e.Message);
        }
    }

    /// <summary>Time until this process must no longer act as the leader.</summary>
    private TimeSpan Left => _options.RenewDeadline - _time.GetElapsedTime(_renewedAt);

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;

    private bool IsAnothers => _seen is { Holder.Length: > 0 } seen && seen.Holder != _options.Identity;

    /// <summary>One attempt to acquire or renew, within so much time.</summary>
    private async Task<bool> TryAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        Interlocked.Exchange(ref _tickedAt, start);
        using var timeout = new CancellationTokenSource(within, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            if (!await TakeAsync(either.Token) || timeout.IsCancellationRequested)
                return false;
            _renewedAt = start;
            _gate.Renewed(start);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Failed(_log, _options.Lease, KubeApiException.TimedOut, "No answer in time.");
        }
        catch (KubeApiException e)
        {
            Log.Failed(_log, _options.Lease, e.Reason, e.Message);
            if (e.IsConflict || e.IsNotFound)
                _seen = null; // Not what we thought: look first.
        }

        return false;
    }

    private async Task<bool> TakeAsync(CancellationToken cancellationToken)
    {
        // A leader knows its lease: one request renews it.
        if (_seen?.Holder == _options.Identity)
        {
            await PatchAsync(LeaseRecord.Spec(_options.Identity, _options.LeaseDuration, null, _time.GetUtcNow(), _seen.Transitions), cancellationToken);
            return true;
        }

        if (await LookAsync(cancellationToken) is not { } found)
        {
            await CreateAsync(cancellationToken);
            return true;
        }

        var isHeld = IsAnothers && _time.GetElapsedTime(_seenAt) < found.Duration;
        if (isHeld)
            return false;
        var now = _time.GetUtcNow();
        var isOurs = found.Holder == _options.Identity;
        await PatchAsync(
            LeaseRecord.Spec(_options.Identity, _options.LeaseDuration, isOurs ? null : now, now, found.Transitions + (isOurs ? 0 : 1)), cancellationToken);
        return true;
    }

    /// <summary>Reads the lease, and notes since when it has been as it is.</summary>
    private async Task<LeaseRecord?> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            See(LeaseRecord.Read(await _api.GetAsync(ApiResources.Leases, _options.Lease, cancellationToken)));
            return _seen;
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    private void See(LeaseRecord record)
    {
        if (record == _seen)
            return;
        _seen = record;
        _seenAt = _time.GetTimestamp();
    }

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var lease = new JsonObject
        {
            ["apiVersion"] = ApiResources.Leases.ApiVersion,
            ["kind"] = ApiResources.Leases.Kind,
            ["metadata"] = new JsonObject { ["name"] = _options.Lease.Name, ["namespace"] = _options.Lease.Namespace },
            ["spec"] = LeaseRecord.Spec(_options.Identity, _options.LeaseDuration, now, now, transitions: 0),
        };
        See(LeaseRecord.Read(await _api.CreateAsync(ApiResources.Leases, _options.Lease.Namespace, lease, cancellationToken)));
    }

    /// <summary>Writes the lease if it is still the version that was seen (409 otherwise).</summary>
    private async Task PatchAsync(JsonObject spec, CancellationToken cancellationToken)
    {
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = _seen!.ResourceVersion }, ["spec"] = spec };
        See(LeaseRecord.Read(await _api.MergePatchAsync(ApiResources.Leases, _options.Lease, null, patch, cancellationToken)));
    }

    private static partial class Log
    {
        [LoggerMessage(301, LogLevel.Information, "{Identity} leads by lease {Lease}")]
        public static partial void Acquired(ILogger log, string identity, NamespacedName lease);

        [LoggerMessage(302, LogLevel.Error, "{Identity} lost lease {Lease}, held by '{Holder}'")]
        public static partial void Lost(ILogger log, string identity, NamespacedName lease, string holder);

        [LoggerMessage(303, LogLevel.Information, "{Identity} released lease {Lease}")]
        public static partial void Released(ILogger log, string identity, NamespacedName lease);

        [LoggerMessage(304, LogLevel.Warning, "Lease {Lease}: {Reason}: {Message}")]
        public static partial void Failed(ILogger log, NamespacedName lease, string reason, string message);
    }
}
