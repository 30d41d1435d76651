namespace GrpoOperator.Simulation;

/// <summary>The time of a history; it stands still while something happens.</summary>
internal sealed class SimulatedTime : TimeProvider
{
    /// <summary>Now.</summary>
    public DateTimeOffset Now { get; set; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Now;

    /// <inheritdoc/>
    public override long GetTimestamp() => Now.UtcTicks;
}

/// <summary>What is going to happen, in the order of its times. A history is over when it is empty.</summary>
internal sealed class Agenda(SimulatedTime time)
{
    private readonly PriorityQueue<Func<ValueTask>, (long Ticks, long Order)> entries = new();
    private long order;

    /// <summary>Puts something down for later.</summary>
    public void After(double seconds, Action what) => AfterAsync(seconds, () =>
    {
        what();
        return ValueTask.CompletedTask;
    });

    /// <summary>Puts something down for later that may have to be awaited.</summary>
    public void AfterAsync(double seconds, Func<ValueTask> what) =>
        entries.Enqueue(what, (time.Now.UtcTicks + (long)(Math.Max(0, seconds) * TimeSpan.TicksPerSecond), order++));

    /// <summary>Lets the next thing happen; false when there is none.</summary>
    public async ValueTask<bool> NextAsync()
    {
        if (!entries.TryDequeue(out var what, out var at)) return false;
        if (at.Ticks > time.Now.UtcTicks) time.Now = new DateTimeOffset(at.Ticks, TimeSpan.Zero);
        await what();
        return true;
    }
}
