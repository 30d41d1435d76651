namespace GrpoOperator.Crds;

/// <summary>Waiting time before a restart: initial × 2ⁿ with jitter, capped.</summary>
public sealed record BackoffSpec
{
    /// <summary>Seconds before the first restart.</summary>
    public int InitialSeconds { get; init; } = 10;

    /// <summary>Seconds at most.</summary>
    public int MaxSeconds { get; init; } = 300;
}
