using System.Collections.Frozen;
using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>
/// Everything that a decision may look at: one immutable snapshot of one job and what belongs to it, taken from caches
/// without any request. What must survive the operator stands in the job's status; <see cref="Answers"/> may be lost at
/// any time and then only cost a repeated request.
/// </summary>
public sealed record Observation
{
    /// <summary>One reading of the clock, UTC, whole seconds (as status times are).</summary>
    public required DateTime Now { get; init; }

    /// <summary>The job itself.</summary>
    public required ObservedTrainingJob Job { get; init; }

    /// <summary>Pods of this job's uid whose controller is one of the job's own children; strangers never get here.</summary>
    public IReadOnlyList<ObservedPod> Pods { get; init; } = [];

    /// <summary>The trainers' StatefulSet, when one of this job's uid exists.</summary>
    public ObservedStatefulSet? StatefulSet { get; init; }

    /// <summary>The inspection, data and conversion Jobs that exist.</summary>
    public IReadOnlyDictionary<ChildKind, ObservedBatchJob> BatchJobs { get; init; } = FrozenDictionary<ChildKind, ObservedBatchJob>.Empty;

    /// <summary>The launch ConfigMap, when it exists.</summary>
    public ObservedConfigMap? LaunchConfig { get; init; }

    /// <summary>The headless Service, when it exists.</summary>
    public ObservedService? Service { get; init; }

    /// <summary>Whether the job's NetworkPolicy exists.</summary>
    public bool NetworkPolicyExists { get; init; }

    /// <summary>The latest <c>FailedCreate</c> event of each child that could not get its pods (admission, quota, policy).</summary>
    public IReadOnlyDictionary<ChildKind, PodRefusal> PodRefusals { get; init; } = FrozenDictionary<ChildKind, PodRefusal>.Empty;

    /// <summary>Nodes by name; empty where nodes may not be read.</summary>
    public IReadOnlyDictionary<string, ObservedNode> Nodes { get; init; } = FrozenDictionary<string, ObservedNode>.Empty;

    /// <summary>When the autoscaler last said that it makes room for a trainer pod (<c>TriggeredScaleUp</c>), or null.</summary>
    public DateTime? ScaleUpAt { get; init; }

    /// <summary>What rank 0's console said last, as far as this operator process has read it.</summary>
    public ConsoleReading? Console { get; init; }

    /// <summary>Answers to earlier <see cref="Question"/>s and refusals of our own writes.</summary>
    public Answers Answers { get; init; } = Answers.None;

    /// <summary>What is known about the cluster.</summary>
    public ClusterFacts Cluster { get; init; } = new();

    /// <summary>Every wait of the operator and the launcher.</summary>
    public Timings Timings { get; init; } = new();

    /// <summary>The finished or unfinished Job of that kind, or null.</summary>
    public ObservedBatchJob? BatchJob(ChildKind kind) => BatchJobs.GetValueOrDefault(kind);

    /// <summary>The job's pods as the API server listed them a moment ago; null when it was not asked, or longer than <see cref="Timings.AskAgain"/> ago.</summary>
    public IReadOnlyList<ObservedPod>? PodsNow =>
        Answers.Pods is { } answer && answer.At >= Now.AddSeconds(-Timings.AskAgain) ? answer.Pods : null;

    /// <summary>Trainer pods of the given incarnation.</summary>
    public IEnumerable<ObservedPod> TrainersOf(int incarnation) =>
        Pods.Where(pod => pod.Owner.Kind == "StatefulSet" && pod.Incarnation == incarnation);
}

/// <summary>The job object as the API server holds it.</summary>
public sealed record ObservedTrainingJob
{
    /// <summary>Namespace of the job and of all its children.</summary>
    public required string Namespace { get; init; }

    /// <summary>Name of the job; children's names derive from it.</summary>
    public required string Name { get; init; }

    /// <summary>The object's uid: what makes a child ours.</summary>
    public required string Uid { get; init; }

    /// <summary><c>metadata.generation</c>.</summary>
    public long Generation { get; init; }

    /// <summary>When the job was created, UTC.</summary>
    public DateTime CreationTime { get; init; }

    /// <summary>True once deletion was asked for; then nothing is made any more.</summary>
    public bool Deleting { get; init; }

    /// <summary>Labels of the job; Kueue's queue and priority are passed on.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Annotations of the job.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The spec, or null when it can't be decoded.</summary>
    public GrpoTrainingJobSpec? Spec { get; init; }

    /// <summary>Why the spec can't be decoded: the path and what is wrong there.</summary>
    public string? DecodeError { get; init; }

    /// <summary>The status as stored, overlaid with our own newest write.</summary>
    public GrpoTrainingJobStatus Status { get; init; } = new();
}

/// <summary>The controller of an object.</summary>
public sealed record ObservedOwner(string Kind, string Name, string Uid);

/// <summary>A StatefulSet of this job.</summary>
/// <param name="Uid">The object's uid.</param>
/// <param name="Incarnation">From its label.</param>
/// <param name="Sealed">Whether its template carries <c>GRPO_SEALED</c>.</param>
/// <param name="Deleting">Deletion was asked for.</param>
public sealed record ObservedStatefulSet(string Uid, int Incarnation, bool Sealed, bool Deleting);

/// <summary>A Service of this job and the incarnation that it selects.</summary>
public sealed record ObservedService(string Uid, int? SelectedIncarnation);

/// <summary>A ConfigMap of this job; only its hash annotation is kept.</summary>
public sealed record ObservedConfigMap(string Uid, string? ContentHash, bool Deleting);

/// <summary>How a <c>batch/v1</c> Job ended, if it did.</summary>
public enum BatchJobOutcome
{
    /// <summary>Not finished.</summary>
    Running,

    /// <summary>Condition <c>Complete</c>.</summary>
    Complete,

    /// <summary>Condition <c>Failed</c>.</summary>
    Failed,
}

/// <summary>A <c>batch/v1</c> Job of this job.</summary>
public sealed record ObservedBatchJob
{
    /// <summary>The object's uid; its pods' controller.</summary>
    public required string Uid { get; init; }

    /// <summary>From its label.</summary>
    public int Incarnation { get; init; }

    /// <summary>Which try of which spec this is (annotation <see cref="Labels.Try"/>).</summary>
    public string? Try { get; init; }

    /// <summary>How it ended.</summary>
    public BatchJobOutcome Outcome { get; init; }

    /// <summary>Reason of the <c>Failed</c> condition, e.g. <c>DeadlineExceeded</c>.</summary>
    public string? FailureReason { get; init; }

    /// <summary>Deletion was asked for.</summary>
    public bool Deleting { get; init; }
}

/// <summary>A <c>FailedCreate</c> event of one of our StatefulSets or Jobs.</summary>
public sealed record PodRefusal(DateTime At, string Message);
