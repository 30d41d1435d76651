namespace GrpoOperator.Crds;

/// <summary>One condition, in the form of <c>metav1.Condition</c>.</summary>
public sealed record Condition
{
    /// <summary>One of <see cref="ConditionTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>True, False or Unknown.</summary>
    public required ConditionStatus Status { get; init; }

    /// <summary>Generation of the spec that it was judged on.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>When <see cref="Status"/> last changed.</summary>
    public required DateTime LastTransitionTime { get; init; }

    /// <summary>One of <see cref="Reasons"/>.</summary>
    public required string Reason { get; init; }

    /// <summary>What happened, to which pod on which node, and what the operator does next; never empty, which servers of 1.20 refuse.</summary>
    public required string Message { get; init; }
}

/// <summary>A condition's answer.</summary>
public enum ConditionStatus
{
    /// <summary>It holds.</summary>
    True,

    /// <summary>It doesn't hold.</summary>
    False,

    /// <summary>It can't be told.</summary>
    Unknown,
}
