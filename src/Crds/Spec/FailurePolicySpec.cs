namespace GrpoOperator.Crds;

/// <summary>What happens after a failure.</summary>
public sealed record FailurePolicySpec
{
    /// <summary>Restarts that count.</summary>
    public int MaxRestarts { get; init; } = 3;

    /// <summary>Waiting time before a restart.</summary>
    public BackoffSpec Backoff { get; init; } = new();

    /// <summary>Steps an attempt must advance to give the budget back; 0: off.</summary>
    public int MinStepsToReset { get; init; }

    /// <summary>The user's own rules, before the built-in table; the first match wins.</summary>
    public IReadOnlyList<FailureRule>? Rules { get; init; }

    /// <summary>Seconds after which a pod on an unreachable node is removed by force.</summary>
    public int NodeLostSeconds { get; init; } = 300;

    /// <summary>Whether next attempts stay off suspect nodes.</summary>
    public bool AvoidFailedNodes { get; init; } = true;

    /// <summary>Seconds that failed pods stay for debugging.</summary>
    public int HoldSeconds { get; init; }
}
