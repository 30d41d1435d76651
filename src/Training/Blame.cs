using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>A failure that was seen, and whom it blames.</summary>
/// <param name="Status">What is written into status (without <c>since</c>).</param>
/// <param name="Follower">It only says that a peer went; anything primary takes the blame from it.</param>
/// <param name="At">When it happened: by the node's clock for an end, by the API server's for a deletion; null when unknown.</param>
internal sealed record Failure(FailingStatus Status, bool Follower, DateTime? At);

/// <summary>
/// Looks for what ended a gang: a container's end or a pod that is not what it was. Pod phase alone is never trusted and
/// sidecars never count. A primary cause is blamed before a follower, then the earlier one; a pod that was taken away is
/// the cause of what ended in the same second. So the blame doesn't depend on which of them was seen first.
/// </summary>
internal static class Blame
{
    /// <summary>The failure that is to blame among all that can be seen, or null.</summary>
    public static Failure? Find(Observation observation, Gang gang) => All(observation, gang).FirstOrDefault();

    /// <summary>Whom to blame once a failure is known: the known one, unless something that is seen now goes before it.</summary>
    public static FailingStatus Move(Observation observation, Gang gang, FailingStatus known)
    {
        var seen = All(observation, gang).Where(failure => !IsOurDoing(observation, gang, failure.Status, known)).ToArray();
        if (Follows(known))
        {
            var better = seen.FirstOrDefault(failure => !failure.Follower) ?? LostNodes.Suspect(observation, gang);
            return better is null ? known : better.Status with { Since = known.Since };
        }

        // Without what the known one was made of there is nothing to compare.
        return seen.Any(failure => IsSame(failure.Status, known)) && !IsSame(seen[0].Status, known) && !seen[0].Follower
            ? seen[0].Status with { Since = known.Since }
            : known;
    }

    /// <summary>Whether a failure only says that a peer went.</summary>
    public static bool Follows(FailingStatus failing) => LauncherCodes.Find(failing.Reason)?.Follower ?? LogSignatures.Find(failing.Reason)?.Follower ?? false;

    /// <summary>A failure of a pod's place, not of what runs in it.</summary>
    public static Failure Place(string pod, int rank, string? node, DateTime now, string reason, string message, DateTime? at) =>
        new(
            new FailingStatus
            {
                Since = now,
                Class = PodLoss.ClassOf(reason),
                Reason = reason,
                Message = message,
                Rank = rank,
                Pod = pod,
                Node = node,
            },
            Follower: false,
            at);

    private static IEnumerable<Failure> All(Observation observation, Gang gang) =>
        gang.Pods.Select(pod => OfPod(observation, gang, pod)).Append(Vanished(observation, gang)).OfType<Failure>()
            .OrderBy(failure => failure.Follower)
            .ThenBy(failure => failure.At ?? DateTime.MinValue)
            .ThenBy(failure => failure.Status.ExitCode is not null)
            .ThenBy(failure => failure.Status.Rank);

    private static bool IsSame(FailingStatus one, FailingStatus other) => one.Pod == other.Pod && one.Reason == other.Reason && one.ExitCode == other.ExitCode;

    /// <summary>
    /// Once the StatefulSet is deleted its pods go because of that: their going says nothing about why the gang failed. One
    /// that was deleted before the failure was seen is another matter. A primary cause has the gang removed at once, maybe
    /// by a delete whose answer was lost: then the cache may still show the StatefulSet.
    /// </summary>
    private static bool IsOurDoing(Observation observation, Gang gang, FailingStatus seen, FailingStatus known) =>
        seen.Reason is Reasons.PodDeleted or Reasons.PodVanished && (observation.StatefulSet is not { Deleting: false } || !Follows(known))
        && !(gang.Pods.FirstOrDefault(pod => pod.Name == seen.Pod)?.DeletedAt < known.Since);

    private static Failure? OfPod(Observation observation, Gang gang, ObservedPod pod)
    {
        var now = observation.Now;
        if (gang.Recorded.Count > 0 && !gang.IsRecorded(pod))
        {
            return OfPlace(pod, now, Reasons.PodReplaced,
                $"pod {pod.Name} was replaced by another one on node {pod.Node ?? "(none yet)"}: its training state is gone", pod.Scheduled?.Since);
        }

        if (pod.FirstEnd is { } end && !IsByItsPod(pod, end) && OfEnd(pod, end, now) is { } ended) return ended;
        if (pod.Phase == "Failed")
            return OfPlace(pod, now, PodLoss.OfFailed(pod), $"pod {pod.Name} on node {pod.Node} failed: {pod.Reason}: {pod.Message}", pod.FirstEnd?.FinishedAt);
        if (!pod.Deleting) return null;

        if (LostNodes.IsNotReady(observation, pod.Node))
            return OfPlace(pod, now, Reasons.NodeLost, $"pod {pod.Name} is removed from node {pod.Node}, which is not ready", pod.DeletedAt);
        var why = pod.Disruption is { Status: true } disruption ? $"{disruption.Reason}: {disruption.Message}" : "it was deleted";
        return OfPlace(pod, now, PodLoss.Of(pod), $"pod {pod.Name} on node {pod.Node} is going: {why}", pod.DeletedAt);
    }

    /// <summary>
    /// An end that tells of the pod's, not of the trainer's: killed while the pod was going, or lost sight of by the
    /// kubelet, which then makes up an exit code of 137.
    /// </summary>
    private static bool IsByItsPod(ObservedPod pod, ContainerEnd end) =>
        end.Reason == "ContainerStatusUnknown"
        || (pod.Deleting && end is { ExitCode: 137 or 143, Reason: not "OOMKilled" } && TrainerVerdict.Parse(end.Message) is null);

    /// <summary>A recorded pod that neither the cache nor the API server has any more.</summary>
    private static Failure? Vanished(Observation observation, Gang gang)
    {
        foreach (var member in gang.Recorded)
        {
            if (gang.Pods.Any(pod => pod.Ordinal == member.Ordinal)) continue;
            if (observation.Answers.Pods is not { } answer || answer.At < observation.Now.AddSeconds(-30)) continue;
            if (answer.Pods.Any(pod => pod.Uid == member.Uid)) continue;
            var name = Names.Pod(observation.Job.Name, member.Ordinal);
            return Place(name, member.Ordinal, member.Node, observation.Now, Reasons.PodVanished, $"pod {name} on node {member.Node} is gone", at: null);
        }

        return null;
    }

    private static Failure? OfEnd(ObservedPod pod, ContainerEnd end, DateTime now)
    {
        var verdict = TrainerVerdict.Parse(end.Message);
        // A SIGTERM says nothing about the trainer; why it came is told by the pod.
        if (verdict?.Code == LauncherCodes.Terminated) return null;
        var classification = FailureClassification.Of(end, verdict);
        return new Failure(
            new FailingStatus
            {
                Since = now,
                Class = classification.Class,
                Reason = classification.Reason,
                Message = Describe(pod, end, verdict, classification.Reason),
                Rank = pod.Ordinal,
                Pod = pod.Name,
                Node = pod.Node,
                ExitCode = end.ExitCode,
            },
            classification.Follower,
            end.FinishedAt);
    }

    private static string Describe(ObservedPod pod, ContainerEnd end, TrainerVerdict? verdict, string reason)
    {
        var said = verdict?.Message is { Length: > 0 } message ? ": " + message : string.Empty;
        var head = $"rank {pod.Ordinal} (pod {pod.Name} on node {pod.Node}) ended with exit code {end.ExitCode}, {reason}{said}";
        var log = verdict is null ? end.Message : verdict.Log;
        return string.IsNullOrWhiteSpace(log) ? head : $"{head}\n{log.TrimEnd()}";
    }

    private static Failure OfPlace(ObservedPod pod, DateTime now, string reason, string message, DateTime? at) =>
        Place(pod.Name, pod.Ordinal, pod.Node, now, reason, message, at);
}
