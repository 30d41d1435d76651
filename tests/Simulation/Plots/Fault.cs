using GrpoOperator.Crds;

namespace GrpoOperator.Simulation.Plots;

/// <summary>What goes wrong with a gang.</summary>
internal enum FaultKind
{
    /// <summary>Rank 0's trainer, or a worker's container, ends with an exit code.</summary>
    Exit,

    /// <summary>A rank's launcher ends with a code of its own.</summary>
    Code,

    /// <summary>A container is killed, and says nothing.</summary>
    Kill,

    /// <summary>A container is killed for want of memory.</summary>
    OutOfMemory,

    /// <summary>Somebody deletes a pod.</summary>
    PodDeleted,

    /// <summary>Somebody deletes a pod without grace.</summary>
    PodForced,

    /// <summary>A pod is evicted through the API.</summary>
    Drained,

    /// <summary>A pod is preempted.</summary>
    Preempted,

    /// <summary>A pod is evicted by its node's pressure.</summary>
    Evicted,

    /// <summary>A pod is evicted for its own limits.</summary>
    EvictedForLimits,

    /// <summary>The trainer makes no step any more.</summary>
    Hang,

    /// <summary>A node's kubelet falls silent for some seconds, its containers live on.</summary>
    Partition,

    /// <summary>A node stops, for some seconds or (0) for ever.</summary>
    NodeCrash,

    /// <summary>The device plugin refuses a pod.</summary>
    Refused,

    /// <summary>An image can't be pulled.</summary>
    ImageMissing,

    /// <summary>The trainer is never launched.</summary>
    NeverLaunched,
}

/// <summary>One fault; each strikes once, a new incarnation each, in their order.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Class">The class that it has by the table.</param>
/// <param name="Rank">To whom.</param>
/// <param name="Step">Steps that the incarnation has made by then; -1: before the launch.</param>
internal sealed record Fault(FaultKind Kind, FailureClass Class, int Rank = 0, int Step = 0)
{
    public int ExitCode { get; init; } = 1;

    /// <summary>Launcher code, signature, or what a partition cuts.</summary>
    public string? Code { get; init; }

    public string Message { get; init; } = "something went wrong";

    public double Seconds { get; init; }

    /// <summary>It strikes before the launch.</summary>
    public bool IsAtStart => Step < 0;
}
