namespace GrpoOperator.Training;

/// <summary>What rank 0's console has shown of an incarnation so far.</summary>
public sealed record ConsoleReading
{
    /// <summary>The pod that was read; a reading of another uid says nothing.</summary>
    public required string PodUid { get; init; }

    /// <summary>The last step line.</summary>
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

    /// <summary>The step of the newest checkpoint that was announced as saved, or null.</summary>
    public int? LastCheckpointStep { get; init; }
}

/// <summary>One <c>step:N - key:value - …</c> line of verl's console logger.</summary>
/// <param name="Step">The step; 0 is the validation before training.</param>
/// <param name="Values">Every numeric value, by verl's key, e.g. <c>critic/rewards/mean</c>.</param>
public sealed record StepLine(int Step, IReadOnlyDictionary<string, double> Values)
{
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
