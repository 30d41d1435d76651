using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>What a pod that does not run yet waits for.</summary>
/// <param name="Reason">Condition reason.</param>
/// <param name="Message">Names pod, node and what is missing.</param>
/// <param name="Warning">Whether somebody has to do something about it.</param>
internal sealed record PodWait(string Reason, string Message, bool Warning)
{
    /// <summary>The wait that somebody has to do something about, if there is one, else any; null when nobody waits.</summary>
    public static PodWait? MostUrgent(IEnumerable<ObservedPod> pods) => pods.Select(Of).OfType<PodWait>().OrderByDescending(wait => wait.Warning).FirstOrDefault();

    /// <summary>The wait of a pod, or null when its main container runs or has ended.</summary>
    public static PodWait? Of(ObservedPod pod)
    {
        if (pod.Main is { Running: true } || pod.FirstEnd is not null) return null;
        if (!pod.Bound) return Unbound(pod);
        return pod.Main?.WaitingReason switch
        {
            "ErrImagePull" or "ImagePullBackOff" or "InvalidImageName" or "ErrImageNeverPull" or "RegistryUnavailable" =>
                new(Reasons.ImagePullFailed, $"pod {pod.Name} on node {pod.Node} can't pull its image ({pod.Main.WaitingReason}): {pod.Main.WaitingMessage}", Warning: true),
            "CreateContainerConfigError" or "CreateContainerError" or "RunContainerError" =>
                new(Reasons.ContainerConfigError, $"pod {pod.Name} on node {pod.Node} can't start its container ({pod.Main.WaitingReason}): {pod.Main.WaitingMessage}", Warning: true),
            _ => new(Reasons.PodsStarting, $"pod {pod.Name} on node {pod.Node} is starting", Warning: false),
        };
    }

    private static PodWait Unbound(ObservedPod pod)
    {
        if (pod.HeldBy.Count > 0) return new(Reasons.WaitingForQueue, $"pod {pod.Name} is held by {string.Join(", ", pod.HeldBy)}", Warning: false);
        if (pod.Scheduled is not { Status: false } scheduled) return new(Reasons.PodsPending, $"pod {pod.Name} waits for the scheduler", Warning: false);
        var claim = scheduled.Message?.Contains("persistentvolumeclaim", StringComparison.OrdinalIgnoreCase) == true;
        return new(claim ? Reasons.ClaimMissing : Reasons.Unschedulable, $"pod {pod.Name} can't be scheduled: {scheduled.Message}", Warning: true);
    }
}
