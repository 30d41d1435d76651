using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.KubeRuntime.Queue;

/// <summary>Keys waiting for a worker.</summary>
/// <remarks>
/// <para>A key is in any of three states, and in each at most once: <b>wanted</b> (somebody asked for a run), <b>running</b> (a worker has it)
/// and <b>waiting</b> (its one timer is set). A key that is wanted while it runs holds no worker: it becomes ready when its run is done.
/// So no key ever runs twice at once, no request for a run is lost, and a thousand requests are one run.</para>
/// <para>A wanted key becomes <b>ready</b> at once, but no sooner than <see cref="Spacing"/> after its last start: a burst of events then costs
/// two runs instead of a hundred, and an idle key still runs without delay. <see cref="Lane.Urgent"/> knows no spacing.</para>
/// <para>Ready keys are taken by lane, then in the order in which they became ready.</para>
/// </remarks>
public sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    /// <summary>Least time between two starts of a key that isn't urgent.</summary>
    public static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(100);

    /// <summary>First back-off of a key that fails.</summary>
    public static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest back-off of a key that keeps failing. There is no last one.</summary>
    public static readonly TimeSpan SlowestRetry = TimeSpan.FromMinutes(5);

    /// <summary>Within which those who were all told the same time come back.</summary>
    private static readonly TimeSpan AskedSpread = TimeSpan.FromSeconds(1);

    // Keeps the sums below within a long, whatever time somebody asks for.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(3650);

    // Timers take at most 2³² − 2 ms; a later alarm rings early, finds nothing due and is wound again.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, Entry> _entries = [];
    private readonly Queue<Entry>[] _ready = [.. Enum.GetValues<Lane>().Select(_ => new Queue<Entry>())];
    private readonly SortedSet<Entry> _alarms = new(ByAlarm.Instance);
    private readonly SemaphoreSlim _available = new(0);
    private readonly string _name;
    private readonly TimeProvider _time;
    private readonly Jitter _jitter;
    private readonly IRuntimeMetrics _metrics;
    private readonly ITimer _timer;
    private bool _disposed;
    private int _depth;
    private long _serial;

    /// <summary>Makes an empty queue.</summary>
    /// <param name="name">Name in metrics.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="random">Jitter of back-offs.</param>
    /// <param name="metrics">Told of every coming and going.</param>
    public WorkQueue(string name, TimeProvider time, Random random, IRuntimeMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(time);
        _name = name;
        _time = time;
        _jitter = new Jitter(random);
        _metrics = metrics;
        _timer = time.CreateTimer(_ => Ring(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Keys that are ready and wait for a worker.</summary>
    public int Depth
    {
        get
        {
            lock (_lock)
                return _depth;
        }
    }

    /// <summary>Keys that are wanted, running, waiting or resting: all others are forgotten.</summary>
    internal int Known
    {
        get
        {
            lock (_lock)
                return _entries.Count;
        }
    }

    /// <summary>Asks for a run of the key.</summary>
    public void Add(TKey key, Lane lane)
    {
        _metrics.QueueAdded(_name);
        lock (_lock)
        {
            var entry = Find(key);
            Want(entry, lane);
            Settle(entry);
        }
    }

    /// <summary>Sets the key's one timer, replacing what it was; null clears it. When it rings, the key is wanted in that lane.</summary>
    public void LookAgainAt(TKey key, DateTimeOffset? time, Lane lane = Lane.Child)
    {
        lock (_lock)
        {
            var entry = Find(key);
            entry.Due = time is null ? null : InTicks(time.Value - _time.GetUtcNow());
            entry.DueLane = lane;
            Settle(entry);
        }
    }

    /// <summary>
    /// Sets the key's timer to its next back-off, which doubles with every failure in a row. A server that said when to come back is
    /// obeyed instead, and that is no failure of the key: a busy minute would leave it waiting for five.
    /// </summary>
    /// <param name="key">The key whose run failed.</param>
    /// <param name="asked">What the server asked for (<see cref="KubeApiException.RetryAfter"/>).</param>
    public void Retry(TKey key, TimeSpan? asked = null)
    {
        _metrics.QueueRetried(_name);
        lock (_lock)
        {
            var entry = Find(key);
            var delay = asked is { } rest && rest > TimeSpan.Zero
                ? rest + _jitter.Full(AskedSpread)
                : _jitter.Half(Jitter.Exponential(FirstRetry, SlowestRetry, ++entry.Failures));
            entry.Due = InTicks(delay);
            entry.DueLane = Lane.Child;
            Settle(entry);
        }
    }

    /// <summary>The key's last run went well: its back-off starts anew.</summary>
    public void Forget(TKey key)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var entry))
                return;
            entry.Failures = 0;
            Settle(entry);
        }
    }

    /// <summary>The next key, as soon as there is one. It is nobody else's until <see cref="Done"/>.</summary>
    public async ValueTask<TKey> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _available.WaitAsync(cancellationToken);
            if (cancellationToken.IsCancellationRequested)
            {
                Wake(); // Woken and cancelled at the same moment: it is for somebody else.
                cancellationToken.ThrowIfCancellationRequested();
            }

            lock (_lock)
            {
                if (TryStart() is { } entry)
                    return entry.Key;
            }
        }
    }

    /// <summary>Gives the key back; when it was wanted meanwhile, it runs again.</summary>
    public void Done(TKey key)
    {
        lock (_lock)
        {
            var entry = _entries[key];
            entry.Running = false;
            _metrics.QueueWorked(_name, _time.GetElapsedTime(entry.StartedAt));
            Settle(entry);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A timer may be ringing at this moment, and an informer may still tell something: they wake nobody any more.
        lock (_lock)
        {
            _disposed = true;
            _available.Dispose();
        }

        _timer.Dispose();
    }

    private Entry Find(TKey key)
    {
        if (!_entries.TryGetValue(key, out var entry))
            _entries.Add(key, entry = new Entry(key, ++_serial));
        return entry;
    }

    private void Want(Entry entry, Lane lane)
    {
        if (entry.Wanted is null)
            entry.WantedAt = _time.GetTimestamp();
        if (entry.Wanted is null || lane < entry.Wanted)
        {
            entry.Wanted = lane;
            if (entry.Ready)
                Line(entry); // Stands now in two lanes; the place in the slower one no longer counts.
        }
    }

    /// <summary>Draws the consequences of a change of one key, and sets its alarm for the next one. Harmless to call at any time.</summary>
    private void Settle(Entry entry)
    {
        var now = _time.GetTimestamp();
        if (entry.Due <= now)
        {
            entry.Due = null;
            Want(entry, entry.DueLane);
        }

        var rested = entry.StartedAt is 0 ? now : entry.StartedAt + Ticks(Spacing);
        if (entry is { Wanted: { } lane, Running: false, Ready: false } && (lane == Lane.Urgent || rested <= now))
        {
            entry.Ready = true;
            _metrics.QueueDepth(_name, ++_depth);
            Line(entry);
        }

        // A key that nothing is known of is forgotten, or the queue would remember every object that ever was.
        var idle = entry is { Wanted: null, Running: false, Due: null, Failures: 0 };
        if (idle && rested <= now)
            _entries.Remove(entry.Key);
        var waitsForRest = (idle && rested > now) || entry is { Wanted: not null, Running: false, Ready: false };
        SetAlarm(entry, waitsForRest ? Math.Min(rested, entry.Due ?? long.MaxValue) : entry.Due);
    }

    private void Line(Entry entry)
    {
        _ready[(int)entry.Wanted!.Value].Enqueue(entry);
        Wake();
    }

    private void Wake()
    {
        lock (_lock)
        {
            if (!_disposed)
                _available.Release();
        }
    }

    private Entry? TryStart()
    {
        for (var lane = Lane.Urgent; lane <= Lane.Resync; lane++)
        {
            while (_ready[(int)lane].TryDequeue(out var entry))
            {
                if (!entry.Ready || entry.Wanted != lane)
                    continue;
                entry.Ready = false;
                entry.Running = true;
                entry.Wanted = null;
                entry.StartedAt = Math.Max(1, _time.GetTimestamp());
                _metrics.QueueDepth(_name, --_depth);
                _metrics.QueueWaited(_name, _time.GetElapsedTime(entry.WantedAt));
                return entry;
            }
        }

        return null;
    }

    private void SetAlarm(Entry entry, long? at)
    {
        if (entry.Alarm == at)
            return;
        var first = _alarms.Min;
        if (entry.Alarm is not null)
            _alarms.Remove(entry);
        entry.Alarm = at;
        if (at is not null)
            _alarms.Add(entry);
        if (!ReferenceEquals(first, _alarms.Min) || ReferenceEquals(_alarms.Min, entry))
            Wind();
    }

    private void Wind()
    {
        var next = _alarms.Min?.Alarm;
        // Rounded up to the millisecond that timers count in: ringing a little early would only wind it again.
        var delay = next is null ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(Until(next.Value).TotalMilliseconds)));
        _timer.Change(delay < LongestTimer ? delay : LongestTimer, Timeout.InfiniteTimeSpan);
    }

    private void Ring()
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            while (_alarms.Min is { } entry && entry.Alarm <= now)
            {
                _alarms.Remove(entry);
                entry.Alarm = null;
                Settle(entry);
            }

            Wind();
        }
    }

    private long InTicks(TimeSpan delay) => _time.GetTimestamp() + Ticks(delay);

    private long Ticks(TimeSpan span) => (long)(Math.Min(span.TotalSeconds, LongestWait.TotalSeconds) * _time.TimestampFrequency);

    private TimeSpan Until(long timestamp) => TimeSpan.FromSeconds((timestamp - _time.GetTimestamp()) / (double)_time.TimestampFrequency);

    private sealed class Entry(TKey key, long serial)
    {
        public TKey Key { get; } = key;

        public long Serial { get; } = serial;

        public Lane? Wanted { get; set; }

        public long WantedAt { get; set; }

        public bool Ready { get; set; }

        public bool Running { get; set; }

        public long StartedAt { get; set; }

        public int Failures { get; set; }

        public long? Due { get; set; }

        public Lane DueLane { get; set; }

        public long? Alarm { get; set; }
    }

    private sealed class ByAlarm : IComparer<Entry>
    {
        public static readonly ByAlarm Instance = new();

        public int Compare(Entry? x, Entry? y)
        {
            var byTime = Nullable.Compare(x!.Alarm, y!.Alarm);
            return byTime != 0 ? byTime : x.Serial.CompareTo(y.Serial);
        }
    }
}
