namespace GrpoOperator.Crds;

/// <summary>The attempt that is being made.</summary>
public sealed record CurrentAttempt
{
    /// <summary>Its number, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>When it was announced.</summary>
    public DateTime? StartTime { get; init; }

    /// <summary>Uid of its StatefulSet.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("statefulSetUID")]
    public string? StatefulSetUID { get; init; }

    /// <summary>When all pods were bound.</summary>
    public DateTime? ScheduledTime { get; init; }

    /// <summary>When rank 0 launched the trainer.</summary>
    public DateTime? LaunchTime { get; init; }

    /// <summary>When its first step was seen.</summary>
    public DateTime? FirstStepTime { get; init; }

    /// <summary>Its last step.</summary>
    public int? LastStep { get; init; }

    /// <summary>Step of the checkpoint that it started from; null when it started from nothing.</summary>
    public int? ResumedFromStep { get; init; }

    /// <summary>Its pods, written once all are bound; another uid at an ordinal is a failure.</summary>
    public IReadOnlyList<AttemptPod>? Pods { get; init; }
}
