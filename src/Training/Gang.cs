using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>
/// The trainer pods of the incarnation that the status speaks of. A pod counts when its incarnation and its StatefulSet
/// are the recorded ones; once <c>pods[]</c> is recorded, only those uids are members, and another uid in their place is
/// an intruder.
/// </summary>
internal sealed class Gang
{
    private Gang(int size, IReadOnlyList<ObservedPod> pods, IReadOnlyList<AttemptPod> recorded)
    {
        Size = size;
        Pods = pods;
        Recorded = recorded;
    }

    /// <summary>Pods that the gang must have.</summary>
    public int Size { get; }

    /// <summary>The pods that exist, by ordinal.</summary>
    public IReadOnlyList<ObservedPod> Pods { get; }

    /// <summary>The pods as they were when all were bound; empty before.</summary>
    public IReadOnlyList<AttemptPod> Recorded { get; }

    /// <summary>The pods that count: before the recording all, after it the recorded uids.</summary>
    public IEnumerable<ObservedPod> Members => Recorded.Count == 0 ? Pods : Pods.Where(IsRecorded);

    /// <summary>Rank 0, if it exists and counts.</summary>
    public ObservedPod? Head => Members.FirstOrDefault(pod => pod.Ordinal == 0);

    /// <summary>Whether every pod exists, has a node and is not going.</summary>
    public bool AllBound => Pods.Count == Size && Pods.All(pod => pod is { Bound: true, Deleting: false });

    /// <summary>Members that are ready.</summary>
    public int Ready => Members.Count(pod => pod.IsReady);

    /// <summary>Whether the pod's uid is a recorded one.</summary>
    public bool IsRecorded(ObservedPod pod) => Recorded.Any(r => r.Ordinal == pod.Ordinal && r.Uid == pod.Uid);

    /// <summary>The gang of the observed status, or null when there is no attempt.</summary>
    public static Gang? Of(Observation observation)
    {
        if (observation.Job.Status is not { CurrentAttempt: { } attempt } status) return null;
        // What the incarnation was made with counts, also when the spec was changed since.
        var size = status.Nodes ?? observation.Job.Spec?.Workers.Nodes ?? 0;
        var pods = observation.TrainersOf(status.Incarnation)
            .Where(pod => attempt.StatefulSetUID is null || pod.Owner.Uid == attempt.StatefulSetUID)
            .OrderBy(pod => pod.Ordinal)
            .ToArray();
        return new Gang(size, pods, attempt.Pods ?? []);
    }
}
