using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>A failure that was seen, and whom it blames.</summary>
/// <param name="Status">What is written into status (without <c>since</c>).</param>
/// <param name="Follower">It only says that a peer went; anything primary takes the blame from it.</param>
/// <param name="At">When it happened, by its node's clock; decides between primary verdicts only.</param>
internal sealed record Failure(FailingStatus Status, bool Follower, DateTime? At);

/// <summary>
/// Looks for what ended a gang: a container's end or a pod that is not what it was. Pod phase alone is never trusted and
/// sidecars never count. Among several, a primary cause is blamed before a follower, then the earlier, then the lower rank.
/// </summary>
internal static class Blame
{
    public static Failure? Find(Observation observation, Gang gang)
    {
        var gone = Vanished(observation, gang);
        return gang.Pods.Select(pod => OfPod(gang, pod, observation.Now)).Append(gone).OfType<Failure>()
            .OrderBy(failure => failure.Follower)
            .ThenBy(failure => failure.At ?? DateTime.MaxValue)
            .ThenBy(failure => failure.Status.Rank)
            .FirstOrDefault();
    }

    private static Failure? OfPod(Gang gang, ObservedPod pod, DateTime now)
    {
        if (gang.Recorded.Count > 0 && !gang.IsRecorded(pod))
        {
            return OfPlace(pod, now, Reasons.PodReplaced,
                $"pod {pod.Name} was replaced by another one on node {pod.Node ?? "(none yet)"}: its training state is gone", pod.Scheduled?.Since);
        }

        if (pod.FirstEnd is { } end && !IsByItsPod(pod, end) && OfEnd(pod, end, now) is { } ended) return ended;
        if (pod.Phase == "Failed")
        {
            return OfPlace(pod, now, pod.Reason ?? Reasons.PodRefused,
                $"pod {pod.Name} on node {pod.Node} failed: {pod.Message ?? pod.Reason ?? "no reason given"}", at: null);
        }

        if (pod.Deleting)
        {
            var why = pod.Disruption is { Status: true } disruption ? $"{disruption.Reason}: {disruption.Message}" : "it was deleted";
            return OfPlace(pod, now, pod.Disruption?.Reason ?? Reasons.PodDeleted,
                $"pod {pod.Name} on node {pod.Node} is going: {why}", at: null);
        }

        return null;
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
            return new Failure(
                new FailingStatus
                {
                    Since = observation.Now,
                    Class = FailureClass.Infrastructure,
                    Reason = Reasons.PodVanished,
                    Message = $"pod {name} on node {member.Node} is gone",
                    Rank = member.Ordinal,
                    Pod = name,
                    Node = member.Node,
                },
                Follower: false,
                At: null);
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
        new(
            new FailingStatus
            {
                Since = now,
                Class = FailureClass.Infrastructure,
                Reason = reason,
                Message = message,
                Rank = pod.Ordinal,
                Pod = pod.Name,
                Node = pod.Node,
            },
            Follower: false,
            at);
}
