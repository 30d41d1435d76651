namespace GrpoOperator.Crds;

/// <summary>One finding of the inspection Job.</summary>
public sealed record InspectionFinding
{
    /// <summary>Name of the rule.</summary>
    public required string Rule { get; init; }

    /// <summary>Whether it stops the job.</summary>
    public required FindingSeverity Severity { get; init; }

    /// <summary>What was found where.</summary>
    public required string Message { get; init; }
}

/// <summary>Whether a finding stops the job.</summary>
public enum FindingSeverity
{
    /// <summary>It does.</summary>
    Error,

    /// <summary>It doesn't.</summary>
    Warning,
}
