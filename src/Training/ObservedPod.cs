namespace GrpoOperator.Training;

/// <summary>A pod of the job, projected to what decisions read.</summary>
public sealed record ObservedPod
{
    /// <summary>Name; a trainer's ends in its ordinal.</summary>
    public required string Name { get; init; }

    /// <summary>The object's uid: a StatefulSet gives a replacement the same name and another uid.</summary>
    public required string Uid { get; init; }

    /// <summary>The controller: a StatefulSet or a Job of this job.</summary>
    public required ObservedOwner Owner { get; init; }

    /// <summary>From its label; 0 when it has none.</summary>
    public int Incarnation { get; init; }

    /// <summary><c>spec.nodeName</c>; null until bound.</summary>
    public string? Node { get; init; }

    /// <summary><c>status.phase</c>.</summary>
    public string Phase { get; init; } = "Pending";

    /// <summary><c>status.reason</c>, e.g. <c>Evicted</c> or <c>UnexpectedAdmissionError</c>.</summary>
    public string? Reason { get; init; }

    /// <summary><c>status.message</c>.</summary>
    public string? Message { get; init; }

    /// <summary>Deletion was asked for.</summary>
    public bool Deleting { get; init; }

    /// <summary>When deletion was asked for, by the API server's clock, UTC; null while it is not.</summary>
    public DateTime? DeletedAt { get; init; }

    /// <summary>Names of finalizers and scheduling gates that hold it.</summary>
    public IReadOnlyList<string> HeldBy { get; init; } = [];

    /// <summary>Condition <c>PodScheduled</c>, or null.</summary>
    public ObservedCondition? Scheduled { get; init; }

    /// <summary>Condition <c>Ready</c>, or null.</summary>
    public ObservedCondition? Ready { get; init; }

    /// <summary>Condition <c>DisruptionTarget</c>, or null.</summary>
    public ObservedCondition? Disruption { get; init; }

    /// <summary>The one container that counts (<c>trainer</c>, <c>inspector</c>, <c>data</c> or <c>converter</c>), or null before the kubelet reported it.</summary>
    public ObservedContainer? Main { get; init; }

    /// <summary>The StatefulSet's ordinal, which is the node rank; -1 for a Job's pod.</summary>
    public int Ordinal => Owner.Kind == "StatefulSet" && int.TryParse(Name.AsSpan(Name.LastIndexOf('-') + 1), out var ordinal) ? ordinal : -1;

    /// <summary>Whether the scheduler has given it a node.</summary>
    public bool Bound => Node is { Length: > 0 };

    /// <summary>Whether its <c>Ready</c> condition is true.</summary>
    public bool IsReady => Ready is { Status: true };

    /// <summary>The container's first end: a StatefulSet's pod starts ended containers again, so it may stand in the last state.</summary>
    public ContainerEnd? FirstEnd => Main?.Ended ?? Main?.EndedBefore;
}

/// <summary>A pod condition.</summary>
public sealed record ObservedCondition(bool Status, string? Reason, string? Message, DateTime Since);

/// <summary>The main container's state as the kubelet reports it.</summary>
public sealed record ObservedContainer
{
    /// <summary>True while it runs.</summary>
    public bool Running { get; init; }

    /// <summary>When the running container started, UTC.</summary>
    public DateTime? StartedAt { get; init; }

    /// <summary>Reason of a waiting container, e.g. <c>ImagePullBackOff</c>.</summary>
    public string? WaitingReason { get; init; }

    /// <summary>Message of a waiting container.</summary>
    public string? WaitingMessage { get; init; }

    /// <summary>How it ended, when it is ended now.</summary>
    public ContainerEnd? Ended { get; init; }

    /// <summary>How the container before the present one ended.</summary>
    public ContainerEnd? EndedBefore { get; init; }

    /// <summary><c>restartCount</c>.</summary>
    public int Restarts { get; init; }
}

/// <summary>A terminated container.</summary>
/// <param name="ExitCode">The process's exit code.</param>
/// <param name="Reason">E.g. <c>OOMKilled</c>, <c>Error</c>, <c>Completed</c>.</param>
/// <param name="Message">The termination message: the launcher's verdict or result, at most 4096 bytes.</param>
/// <param name="StartedAt">UTC, by the node's clock.</param>
/// <param name="FinishedAt">UTC, by the node's clock; whole seconds.</param>
public sealed record ContainerEnd(int ExitCode, string? Reason, string? Message, DateTime? StartedAt, DateTime? FinishedAt);
