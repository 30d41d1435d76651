using System.Text.Json.Serialization;

namespace GrpoOperator.Crds;

/// <summary>How far a job has come: every fact that a decision needs after the operator's death is here.</summary>
public sealed record GrpoTrainingJobStatus
{
    /// <summary>A status without conditions, unless some are given.</summary>
    /// <remarks>Generated JSON readers know the defaults of parameters but not those of init-only properties.</remarks>
    [JsonConstructor]
    public GrpoTrainingJobStatus(
        IReadOnlyList<Condition>? conditions = null)
    {
        Conditions = conditions ?? [];
    }

    /// <summary>Phase; null: not seen by an operator yet.</summary>
    public JobPhase? Phase { get; init; }

    /// <summary>Reason of the condition that says what the job waits for or how it ended; kubectl's REASON column.</summary>
    public string? Reason { get; init; }

    /// <summary>Generation of the spec that this status was made from.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>Conditions, one per type.</summary>
    public IReadOnlyList<Condition> Conditions { get; init; }

    /// <summary>Hash of the fields that aren't always mutable, as the current incarnation has them.</summary>
    public string? SpecHash { get; init; }

    /// <summary>First sight of the job.</summary>
    public DateTime? StartTime { get; init; }

    /// <summary>End of the job.</summary>
    public DateTime? CompletionTime { get; init; }

    /// <summary>Number of the StatefulSet, raised before each new one; 0: none yet.</summary>
    public int Incarnation { get; init; }

    /// <summary>Attempts that were used up.</summary>
    public int AttemptsUsed { get; init; }

    /// <summary>Hash of <c>trainer.resume</c> and <c>trainer.checkpointDir</c> as the last incarnation had them.</summary>
    public string? ResumeHash { get; init; }

    /// <summary>Raised when a changed resume setting makes the next attempt a first one.</summary>
    public int ResumeEpoch { get; init; }

    /// <summary>Restarts in all.</summary>
    public int Restarts { get; init; }

    /// <summary>Restarts that count against <c>maxRestarts</c>.</summary>
    public int RestartsCounted { get; init; }

    /// <summary>Restarts by failure class.</summary>
    public IReadOnlyDictionary<string, int>? RestartsByClass { get; init; }

    /// <summary>The failure that is being handled; null: none.</summary>
    public FailingStatus? Failing { get; init; }

    /// <summary>Whether the next rank 0 must wait at the fence.</summary>
    public bool FenceWait { get; init; }

    /// <summary>Spec hash under which a step was last made.</summary>
    public string? StepSpecHash { get; init; }

    /// <summary>Since when the job waits for its pods to be bound.</summary>
    public DateTime? PendingSince { get; init; }

    /// <summary>Start of the gang clock.</summary>
    public DateTime? GangClockStart { get; init; }

    /// <summary>Tries of the data Job.</summary>
    public int DataTries { get; init; }

    /// <summary>Tries of the conversion Job.</summary>
    public int ConversionTries { get; init; }

    /// <summary>Back-off between attempts.</summary>
    public FailureBackoffStatus? FailureBackoff { get; init; }

    /// <summary>Gang releases since all pods were last bound.</summary>
    public int GangReleases { get; init; }

    /// <summary>No StatefulSet is made before this time.</summary>
    public DateTime? NextRetryTime { get; init; }

    /// <summary>The restart request that was last obeyed.</summary>
    public string? HandledRestartRequest { get; init; }

    /// <summary>Seconds with pods bound, over all ended attempts.</summary>
    public long ActiveSeconds { get; init; }

    /// <summary>Pods of the job.</summary>
    public int? Nodes { get; init; }

    /// <summary>Pods that are ready.</summary>
    public int? ReadyNodes { get; init; }

    /// <summary>NPUs of the job.</summary>
    public int? Npus { get; init; }

    /// <summary>The attempt that is being made; null: none.</summary>
    public CurrentAttempt? CurrentAttempt { get; init; }

    /// <summary>What the inspection Job found.</summary>
    public InspectionStatus? Inspection { get; init; }

    /// <summary>Training progress.</summary>
    public ProgressStatus? Progress { get; init; }

    /// <summary>Step durations that the stall deadline is made from.</summary>
    public StepTimes? StepTimes { get; init; }

    /// <summary>The last five ended attempts, oldest first.</summary>
    public IReadOnlyList<AttemptRecord>? Attempts { get; init; }

    /// <summary>Where NPU time went.</summary>
    public NpuSeconds? NpuSeconds { get; init; }

    /// <summary>Nodes that next attempts stay off.</summary>
    public IReadOnlyList<SuspectNode>? SuspectNodes { get; init; }
}
