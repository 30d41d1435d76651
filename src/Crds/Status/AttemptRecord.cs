namespace GrpoOperator.Crds;

/// <summary>An attempt that has ended.</summary>
public sealed record AttemptRecord
{
    /// <summary>Its number, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>When it was announced.</summary>
    public DateTime? StartTime { get; init; }

    /// <summary>When its end was decided.</summary>
    public DateTime? EndTime { get; init; }

    /// <summary>Class of its failure; null: it succeeded or was ended by the user.</summary>
    public FailureClass? FailureClass { get; init; }

    /// <summary>Why it ended.</summary>
    public string? Reason { get; init; }

    /// <summary>What happened.</summary>
    public string? Message { get; init; }

    /// <summary>Rank that is blamed.</summary>
    public int? Rank { get; init; }

    /// <summary>Pod that is blamed.</summary>
    public string? Pod { get; init; }

    /// <summary>Its node.</summary>
    public string? Node { get; init; }

    /// <summary>Its exit code.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Last step of the attempt.</summary>
    public int? LastStep { get; init; }
}
