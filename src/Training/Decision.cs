using System.Text.Json.Nodes;
using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>
/// What is to be done now, in the order in which it is done: the status write, then the acts that it announces, then events.
/// </summary>
public sealed record Decision
{
    /// <summary>The status to be stored; equal to the observed one when nothing changed.</summary>
    public required GrpoTrainingJobStatus Status { get; init; }

    /// <summary>Deletes and creates, in order.</summary>
    public IReadOnlyList<Act> Acts { get; init; } = [];

    /// <summary>Events about the job, told after everything else succeeded.</summary>
    public IReadOnlyList<EventDraft> Events { get; init; } = [];

    /// <summary>Facts to ask the API server for.</summary>
    public IReadOnlyList<Question> Questions { get; init; } = [];

    /// <summary>When time alone would change the decision; replaces the key's timer. Null: never.</summary>
    public DateTime? LookAgainAt { get; init; }

    /// <summary>Whether rank 0's console is to be read for progress now.</summary>
    public ConsoleSource? Console { get; init; }
}

/// <summary>Rank 0's pod, whose console carries the step lines.</summary>
/// <param name="PodName">The pod.</param>
/// <param name="PodUid">Its uid: a reading of another pod is thrown away.</param>
/// <param name="Incarnation">The incarnation that the reading belongs to.</param>
/// <param name="StepSeconds">Median seconds of a step, if known: sets the reading period.</param>
public sealed record ConsoleSource(string PodName, string PodUid, int Incarnation, double? StepSeconds);

/// <summary>One write besides the status.</summary>
public abstract record Act
{
    private Act()
    {
    }

    /// <summary>POST of a child. A taken name is looked at: ours counts as made, another's goes to <see cref="Answers.Refused"/>.</summary>
    public sealed record Create(ChildKind Child, JsonObject Body) : Act;

    /// <summary>POST of Volcano's PodGroup for a StatefulSet; what became of it goes to <see cref="Answers.PodGroup"/>.</summary>
    public sealed record CreatePodGroup(string StatefulSetUid, JsonObject Body) : Act;

    /// <summary>DELETE with <c>Background</c> propagation and the uid as precondition.</summary>
    public sealed record Delete(ChildKind Child, string Name, string Uid) : Act;

    /// <summary>Delete by uid, then POST: the launch ConfigMap is immutable.</summary>
    public sealed record ReplaceConfigMap(string Uid, JsonObject Body) : Act;

    /// <summary>Patches <c>GRPO_SEALED</c> into the StatefulSet's template, so that a replacement pod only idles.</summary>
    public sealed record Seal(string StatefulSetUid) : Act;

    /// <summary>Patches the Service's selector to an incarnation.</summary>
    public sealed record PointService(string ServiceUid, int Incarnation) : Act;

    /// <summary>DELETE of one pod with grace period 0: its node can't confirm the end.</summary>
    public sealed record ForceDeletePod(string Name, string Uid) : Act;

    /// <summary>DELETE of the job itself, when its time to live after the end is over.</summary>
    public sealed record DeleteJob(string Uid) : Act;
}

/// <summary>An event about the job.</summary>
/// <param name="Warning">Warning or Normal.</param>
/// <param name="Reason">A condition reason or a phase, in CamelCase.</param>
/// <param name="Message">For a human; names pod, node and what the operator does next.</param>
public sealed record EventDraft(bool Warning, string Reason, string Message);
