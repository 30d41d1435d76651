using System.Collections.Frozen;

namespace GrpoOperator.Training;

/// <summary>
/// Answers to questions that needed a request, and refusals of our own writes. The only memory beside status that a
/// decision may read; losing it costs a repeated request, never another outcome.
/// </summary>
public sealed record Answers
{
    /// <summary>No answers.</summary>
    public static readonly Answers None = new();

    /// <summary>All pods of this job's uid as the API server (not a cache) listed them.</summary>
    public PodsAnswer? Pods { get; init; }

    /// <summary>Uids of pods whose main container was seen to end: what is missing here may still live somewhere.</summary>
    public IReadOnlySet<string> Ended { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Age of each node's lease as it was when it was asked for: old where the kubelet is silent.</summary>
    public IReadOnlyDictionary<string, LeaseAnswer> Leases { get; init; } = FrozenDictionary<string, LeaseAnswer>.Empty;

    /// <summary>Access modes of the claims that were asked for, by name; none where there is no such claim, or no right to see it.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Claims { get; init; } = FrozenDictionary<string, IReadOnlyList<string>>.Empty;

    /// <summary>Fields of the trainers' pod template that the API server left out when the StatefulSet was last made.</summary>
    public IReadOnlyList<string> DroppedFields { get; init; } = [];

    /// <summary>What became of the newest PodGroup; null when none was made since the operator leads.</summary>
    public PodGroupAnswer? PodGroup { get; init; }

    /// <summary>Refused writes by child, until one succeeds.</summary>
    public IReadOnlyDictionary<ChildKind, RefusedWrite> Refused { get; init; } = FrozenDictionary<ChildKind, RefusedWrite>.Empty;
}

/// <summary>An uncached LIST of the job's pods.</summary>
/// <param name="At">When it was asked for, UTC: only what was announced before that time is answered by it.</param>
/// <param name="Pods">The pods.</param>
/// <param name="OverJob">Uid of a Job that was known to be over when it was asked: only then can its pod be missed.</param>
public sealed record PodsAnswer(DateTime At, IReadOnlyList<ObservedPod> Pods, string? OverJob = null);

/// <summary>The lease of a node's kubelet.</summary>
/// <param name="At">When it was asked for, UTC.</param>
/// <param name="Age">Time since its renewal, by the API server's clock; null when there is no lease.</param>
public sealed record LeaseAnswer(DateTime At, TimeSpan? Age);

/// <summary>The POST of a PodGroup.</summary>
/// <param name="StatefulSetUid">Whose group it is.</param>
/// <param name="Refusal">Why there is none; null when it was made, now or before.</param>
public sealed record PodGroupAnswer(string StatefulSetUid, RefusedWrite? Refusal = null);

/// <summary>A create that the API server refused.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Kind">Why, in one word.</param>
/// <param name="Message">The server's message.</param>
public sealed record RefusedWrite(DateTime At, RefusalKind Kind, string Message);

/// <summary>Why a create was refused.</summary>
public enum RefusalKind
{
    /// <summary>An object of that name exists and is not ours.</summary>
    NameTaken,

    /// <summary>The operator has no right (403).</summary>
    Forbidden,

    /// <summary>A quota or an admission plug-in refused (403 with a quota's or webhook's message).</summary>
    Admission,

    /// <summary>The server found the object invalid (400, 422).</summary>
    Invalid,
}

/// <summary>A fact that needs a request. Asked by Act, rate-limited; the answer stands in the next observation.</summary>
public abstract record Question
{
    private Question()
    {
    }

    /// <summary>One uncached LIST of the pods with this job's uid: asked before a step that can't be taken back.</summary>
    /// <param name="OverJob">Uid of the Job that is over and whose pod is missed, or null.</param>
    public sealed record PodsNow(string? OverJob = null) : Question;

    /// <summary>GET of a PersistentVolumeClaim: pods on several nodes can't share every kind.</summary>
    public sealed record ClaimModes(string Claim) : Question;

    /// <summary>GET of a node's lease: a silent kubelet shows there before the node's condition tells of it.</summary>
    public sealed record NodeLease(string Node) : Question;
}
