using GrpoOperator.Training;

namespace GrpoOperator.Operator.IntegrationTests.Calibration;

/// <summary>Which object a write means.</summary>
internal enum Meant
{
    /// <summary>The one that bears the name now, in its newest version.</summary>
    Current,

    /// <summary>One that bore the name before, or an older version.</summary>
    Earlier,
}

/// <summary>One thing that somebody does to the API server in a history.</summary>
internal abstract record Step
{
    /// <summary>A user makes the job.</summary>
    public sealed record MakeJob : Step;

    /// <summary>A user changes the job's spec to something it never was before.</summary>
    public sealed record ChangeSpec(int To) : Step;

    /// <summary>A user deletes the job.</summary>
    public sealed record DeleteJob : Step;

    /// <summary>The operator writes the job's status.</summary>
    public sealed record Status(Meant Version, int To) : Step;

    /// <summary>The operator posts a child, for the job as it saw it last.</summary>
    public sealed record Make(ChildKind Child, int Incarnation) : Step;

    /// <summary>The operator deletes a child.</summary>
    public sealed record Delete(ChildKind Child, Meant Uid) : Step;

    /// <summary>The operator seals the StatefulSet.</summary>
    public sealed record Seal(Meant Uid) : Step;

    /// <summary>The operator lets the Service select an incarnation.</summary>
    public sealed record Point(Meant Uid, int Incarnation) : Step;

    /// <summary>The operator, or a user, removes a trainer's pod.</summary>
    public sealed record DeletePod(int Rank, Meant Uid, bool Force) : Step;

    /// <summary>The scheduler gives a trainer's pod its node.</summary>
    public sealed record Bind(int Rank) : Step;

    /// <summary>A kubelet evicts a trainer's pod.</summary>
    public sealed record Evict(int Rank) : Step;

    /// <summary>A kubelet says that a trainer's pod, which is being deleted, is gone.</summary>
    public sealed record Gone(int Rank) : Step;

    /// <summary>Somebody removes the pod of a Job.</summary>
    public sealed record DeleteBatchPod(ChildKind Child, bool Force) : Step;

    /// <summary>A kubelet says how the pod of a Job ended.</summary>
    public sealed record EndBatch(ChildKind Child, bool Well) : Step;
}
