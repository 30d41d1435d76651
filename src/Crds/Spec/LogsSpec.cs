namespace GrpoOperator.Crds;

/// <summary>Copies of the logs on a volume.</summary>
public sealed record LogsSpec
{
    /// <summary>Absolute directory.</summary>
    public required string Directory { get; init; }

    /// <summary>Attempts whose logs are kept.</summary>
    public int KeepAttempts { get; init; } = 5;

    /// <summary>Whether Ray's and CANN's logs are copied after a failure.</summary>
    public bool CollectOnFailure { get; init; } = true;
}
