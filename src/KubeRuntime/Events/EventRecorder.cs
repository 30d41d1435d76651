using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Leadership;
using Microsoft.Extensions.Logging;

namespace GrpoOperator.KubeRuntime.Events;

/// <summary>Writes events in the background.</summary>
/// <remarks>
/// <para>An event's name is a hash of what it says (<see cref="EventName"/>), so saying it twice, or saying it again after a crash or from the
/// next leader, makes no second one: the server answers AlreadyExists. Its count is then raised, at most once per <see cref="RepeatAfter"/>.</para>
/// <para>Events are a courtesy. When there are too many, the oldest unwritten go; what the server refuses is counted, and nothing else happens.</para>
/// </remarks>
public sealed partial class EventRecorder : IEventRecorder
{
    /// <summary>Least time between two writes of the same event.</summary>
    public static readonly TimeSpan RepeatAfter = TimeSpan.FromMinutes(5);

    /// <summary>Events that wait to be written.</summary>
    public const int Capacity = 512;

    private const int Remembered = 4096;
    private const int Attempts = 3;

    private readonly IKubeApi _api;
    private readonly string _component;
    private readonly TimeProvider _time;
    private readonly IRuntimeMetrics _metrics;
    private readonly ILogger _log;
    private readonly Channel<Pending> _channel;
    private readonly Dictionary<string, long> _written = [];
    private Pending? _inHand;

    /// <summary>Makes a recorder; <see cref="RunAsync"/> writes.</summary>
    /// <param name="api">Where to; its writes should pass the gate.</param>
    /// <param name="component">Name of the operator in the events.</param>
    /// <param name="time">Clock.</param>
    /// <param name="metrics">Told of what was lost.</param>
    /// <param name="log">Logger.</param>
    public EventRecorder(IKubeApi api, string component, TimeProvider time, IRuntimeMetrics metrics, ILogger<EventRecorder> log)
    {
        _api = api;
        _component = component;
        _time = time;
        _metrics = metrics;
        _log = log;
        _channel = Channel.CreateBounded<Pending>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => metrics.EventLost("overflow"));
    }

    /// <inheritdoc/>
    public void Record(EventSubject subject, EventType type, string reason, string message, string discriminator = "")
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(message);
        var name = EventName.Of(subject, type, reason, message, discriminator);
        _channel.Writer.TryWrite(new Pending(name, subject, type, reason, EventName.Fit(message), _time.GetUtcNow()));
    }

    /// <summary>Writes until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _channel.Reader.WaitToReadAsync(cancellationToken))
                await WriteAllAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Stopped; what is left is for FlushAsync.
        }
    }

    /// <summary>Writes what is left, once <see cref="RunAsync"/> has ended; gives up when cancelled.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WriteAllAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            while (_channel.Reader.TryRead(out _))
                _metrics.EventLost("stopped");
        }
    }

    private async Task WriteAllAsync(CancellationToken cancellationToken)
    {
        while (_inHand is not null || _channel.Reader.TryRead(out _inHand))
        {
            if (!WasJustWritten(_inHand.Name))
                await WriteAsync(_inHand, cancellationToken);
            _inHand = null; // Not before: what was interrupted by the stop is for the flush.
        }
    }

    private bool WasJustWritten(string name) =>
        _written.TryGetValue(name, out var at) && _time.GetElapsedTime(at) < RepeatAfter;

    private async Task WriteAsync(Pending pending, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await PutAsync(pending, cancellationToken);
                Remember(pending.Name);
                return;
            }
            catch (KubeApiException e) when (e.IsTransient && attempt < Attempts)
            {
                await Task.Delay(e.RetryAfter ?? TimeSpan.FromSeconds(attempt), _time, cancellationToken);
            }
            catch (KubeApiException e)
            {
                Log.Refused(_log, pending.Reason, pending.Subject.NamespacedName, e.Reason, e.Message);
                _metrics.EventLost("refused");
                return;
            }
            catch (WriteRefusedException)
            {
                _metrics.EventLost("not_leading");
                return;
            }
        }
    }

    private async Task PutAsync(Pending pending, CancellationToken cancellationToken)
    {
        try
        {
            await _api.CreateAsync(ApiResources.Events, pending.Namespace, New(pending), cancellationToken);
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            await RaiseAsync(pending, cancellationToken);
        }
    }

    /// <summary>Raises the count of an event that is there, unless that happened a moment ago: perhaps by the leader before us.</summary>
    private async Task RaiseAsync(Pending pending, CancellationToken cancellationToken)
    {
        var key = new NamespacedName(pending.Namespace, pending.Name);
        try
        {
            var stored = (await _api.GetAsync(ApiResources.Events, key, cancellationToken)).Json();
            var count = stored.TryGetProperty("count", out var c) && c.ValueKind == JsonValueKind.Number ? c.GetInt32() : 1;
            if (stored.TryGetProperty("lastTimestamp", out var l) && l.TryGetDateTimeOffset(out var last) && pending.Time - last < RepeatAfter)
                return;
            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject { ["resourceVersion"] = stored.GetProperty("metadata").GetProperty("resourceVersion").GetString() },
                ["count"] = count + 1,
                ["lastTimestamp"] = Time(pending.Time),
                ["message"] = pending.Message,
            };
            await _api.MergePatchAsync(ApiResources.Events, key, null, patch, cancellationToken);
        }
        catch (KubeApiException e) when (e.IsNotFound || e.IsConflict)
        {
            // It has just expired, or somebody else has just raised it.
        }
    }

    private void Remember(string name)
    {
        if (_written.Count >= Remembered)
        {
            foreach (var old in _written.Where(entry => _time.GetElapsedTime(entry.Value) >= RepeatAfter).Select(entry => entry.Key).ToList())
                _written.Remove(old);
            if (_written.Count >= Remembered)
                _written.Clear(); // Costs at most one needless request each.
        }

        _written[name] = _time.GetTimestamp();
    }

    private JsonObject New(Pending pending) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Event",
        ["metadata"] = new JsonObject { ["name"] = pending.Name, ["namespace"] = pending.Namespace },
        ["involvedObject"] = new JsonObject
        {
            ["apiVersion"] = pending.Subject.Resource.ApiVersion,
            ["kind"] = pending.Subject.Resource.Kind,
            ["namespace"] = pending.Subject.NamespacedName.Namespace,
            ["name"] = pending.Subject.NamespacedName.Name,
            ["uid"] = pending.Subject.Uid,
        },
        ["type"] = pending.Type.ToString(),
        ["reason"] = pending.Reason,
        ["message"] = pending.Message,
        ["source"] = new JsonObject { ["component"] = _component },
        ["reportingComponent"] = _component,
        ["firstTimestamp"] = Time(pending.Time),
        ["lastTimestamp"] = Time(pending.Time),
        ["count"] = 1,
    };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>Events about cluster-scoped objects live in <c>default</c>, as everybody's do.</summary>
    private sealed record Pending(string Name, EventSubject Subject, EventType Type, string Reason, string Message, DateTimeOffset Time)
    {
        public string Namespace => Subject.NamespacedName.Namespace.Length > 0 ? Subject.NamespacedName.Namespace : "default";
    }

    private static partial class Log
    {
        [LoggerMessage(401, LogLevel.Warning, "Event {Reason} of {Key} was refused: {Answer}: {Message}")]
        public static partial void Refused(ILogger log, string reason, NamespacedName key, string answer, string message);
    }
}
