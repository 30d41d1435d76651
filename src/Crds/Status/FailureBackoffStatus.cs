namespace GrpoOperator.Crds;

/// <summary>Back-off between attempts.</summary>
public sealed record FailureBackoffStatus
{
    /// <summary>Exponent of the next waiting time; back to 0 after a step was made.</summary>
    public int Step { get; init; }

    /// <summary>Uncounted restarts in a row without a step.</summary>
    public int UncountedInARow { get; init; }
}
