namespace GrpoOperator.Training;

/// <summary>What rank 0's console has shown of an incarnation so far.</summary>
public sealed record ConsoleReading
{
    /// <summary>The pod that was read; a reading of another uid says nothing.</summary>
    public required string PodUid { get; init; }

    /// <summary>The last line of a step of training.</summary>
    public StepLine? Last { get; init; }

    /// <summary>Steps that the training has, from tqdm's total or <c>Total training steps</c>.</summary>
    public int? TotalSteps { get; init; }

    /// <summary>The step that training resumed from, from <c>Setting global step to N</c>; null when it started from nothing.</summary>
    public int? ResumedFromStep { get; init; }

    /// <summary>The newest validation score seen.</summary>
    public double? ValidationScore { get; init; }

    /// <summary>Seconds of each step seen, oldest first, at most the last 64.</summary>
    public IReadOnlyList<double> StepSeconds { get; init; } = [];

    /// <summary>When the last step line was first read, UTC.</summary>
    public DateTime? LastStepAt { get; init; }

    /// <summary>The step of a checkpoint that was announced and may not be whole yet, or null.</summary>
    public int? SavingStep { get; init; }

    /// <summary>The step of the newest whole checkpoint, or null: verl tells of a step after it has saved it.</summary>
    public int? LastCheckpointStep { get; init; }

    /// <summary>Seconds of the longest save seen.</summary>
    public double? LongestSave { get; init; }

    /// <summary>From when on the console was read without a gap, UTC; null before the first read.</summary>
    public DateTime? CoveredFrom { get; init; }

    /// <summary>Until when it was read, UTC: silence after that says nothing.</summary>
    public DateTime? CoveredUntil { get; init; }

    /// <summary>Since when every read failed, UTC; null while they succeed.</summary>
    public DateTime? UnreadableSince { get; init; }

    /// <summary>
    /// The reading after a successful read: the first one covers everything from the container's start, the others
    /// everything since the one before, also over times when reads failed. What was cut away may have held a step, so the
    /// cover begins anew there.
    /// </summary>
    /// <param name="at">When it was read, UTC.</param>
    /// <param name="first">Whether nothing was read before.</param>
    /// <param name="whole">Whether the answer held all that was asked for.</param>
    public ConsoleReading ReadUpTo(DateTime at, bool first, bool whole) => this with
    {
        CoveredFrom = !whole ? at : first ? DateTime.UnixEpoch : CoveredFrom ?? at,
        CoveredUntil = at,
        UnreadableSince = null,
    };

    /// <summary>The reading after a read that failed.</summary>
    public ConsoleReading Unread(DateTime at) => this with { UnreadableSince = UnreadableSince ?? at };

    /// <summary>Whether a step of training was seen.</summary>
    public bool HasStep => Last is { Step: > 0 };
}

/// <summary>One <c>step:N - key:value - …</c> line of verl's console logger.</summary>
/// <param name="Step">The step; 0 before training.</param>
/// <param name="Values">Every numeric value, by verl's key, e.g. <c>critic/rewards/mean</c>.</param>
public sealed record StepLine(int Step, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>
    /// Whether it tells of training. A line with nothing but validation comes before it, also with the step resumed from.
    /// </summary>
    public bool IsTraining => Values.Keys.Any(key => !key.StartsWith("val-", StringComparison.Ordinal));

    /// <summary>The value of the first of these keys that is there and finite.</summary>
    public double? First(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (Values.TryGetValue(key, out var value) && double.IsFinite(value)) return value;
        }

        return null;
    }
}
