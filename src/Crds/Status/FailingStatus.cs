namespace GrpoOperator.Crds;

/// <summary>The failure that is being handled; provisional until all pods are gone.</summary>
public sealed record FailingStatus
{
    /// <summary>First sight of the failure.</summary>
    public required DateTime Since { get; init; }

    /// <summary>Class so far.</summary>
    public required FailureClass Class { get; init; }

    /// <summary>One of <see cref="Reasons"/>, or the launcher's code.</summary>
    public required string Reason { get; init; }

    /// <summary>What happened.</summary>
    public required string Message { get; init; }

    /// <summary>Rank that is blamed.</summary>
    public int? Rank { get; init; }

    /// <summary>Pod that is blamed.</summary>
    public string? Pod { get; init; }

    /// <summary>Its node.</summary>
    public string? Node { get; init; }

    /// <summary>Its exit code.</summary>
    public int? ExitCode { get; init; }
}
