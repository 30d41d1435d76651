namespace GrpoOperator.Crds;

/// <summary>Step durations that the stall deadline is made from, in whole seconds rounded up.</summary>
public sealed record StepTimes
{
    /// <summary>Median step.</summary>
    public int? Median { get; init; }

    /// <summary>Longest step.</summary>
    public int? Longest { get; init; }

    /// <summary>Longest save of a checkpoint.</summary>
    public int? LongestSave { get; init; }
}
