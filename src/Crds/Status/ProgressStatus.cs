namespace GrpoOperator.Crds;

/// <summary>Training progress, read from rank 0's console; a non-finite number is left out.</summary>
public sealed record ProgressStatus
{
    /// <summary>Step and total as shown by kubectl, such as <c>12/105</c>.</summary>
    public string? Display { get; init; }

    /// <summary>Last step.</summary>
    public int? Step { get; init; }

    /// <summary>Steps in all.</summary>
    public int? TotalSteps { get; init; }

    /// <summary>Epoch, from 0.</summary>
    public int? Epoch { get; init; }

    /// <summary>Mean reward of the last step, a decimal string.</summary>
    public string? RewardMean { get; init; }

    /// <summary>Last validation score, a decimal string.</summary>
    public string? ValidationScore { get; init; }

    /// <summary>Seconds of a step, a decimal string.</summary>
    public string? SecondsPerStep { get; init; }

    /// <summary>Tokens per second and NPU, a decimal string.</summary>
    public string? TokensPerSecondPerNpu { get; init; }

    /// <summary>Mean length of a response in tokens, a decimal string.</summary>
    public string? ResponseLengthMean { get; init; }

    /// <summary>When the last step is expected.</summary>
    public DateTime? EstimatedCompletionTime { get; init; }

    /// <summary>When the last step was seen.</summary>
    public DateTime? LastStepTime { get; init; }

    /// <summary>Step of the checkpoint that the attempt started from.</summary>
    public int? ResumedFromStep { get; init; }

    /// <summary>Step of the last checkpoint.</summary>
    public int? LastCheckpointStep { get; init; }
}
