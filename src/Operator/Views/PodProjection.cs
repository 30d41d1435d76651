using GrpoOperator.Training;

namespace GrpoOperator.Operator.Views;

/// <summary>Projects a pod to what decisions read. Only the main container's state is kept; sidecars never count.</summary>
internal static class PodProjection
{
    public static ObservedPod Of(WirePod pod, WireMeta meta)
    {
        var main = meta.Label(Labels.Component) ?? Names.TrainerContainer;
        var status = pod.Status?.ContainerStatuses?.FirstOrDefault(container => container.Name == main);
        return new ObservedPod
        {
            Name = meta.Name ?? string.Empty,
            Uid = meta.Uid ?? string.Empty,
            Owner = ChildView.OwnerOf(meta) ?? new ObservedOwner(string.Empty, string.Empty, string.Empty),
            Incarnation = ChildView.Number(meta.Label(Labels.Incarnation)),
            Node = pod.Spec?.NodeName,
            Phase = pod.Status?.Phase ?? "Pending",
            Reason = pod.Status?.Reason,
            Message = pod.Status?.Message,
            Deleting = meta.DeletionTimestamp is not null,
            // The timestamp says when the grace period is over.
            DeletedAt = meta.DeletionTimestamp?.AddSeconds(-(meta.DeletionGracePeriodSeconds ?? 0)),
            HeldBy = [.. (pod.Spec?.SchedulingGates ?? []).Select(gate => gate.Name ?? "a scheduling gate"), .. meta.Finalizers ?? []],
            Scheduled = Condition(pod, "PodScheduled"),
            Ready = Condition(pod, "Ready"),
            Disruption = Condition(pod, "DisruptionTarget"),
            Main = status is null ? null : Container(status),
        };
    }

    private static ObservedCondition? Condition(WirePod pod, string type) =>
        pod.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type) is { } found
            ? new ObservedCondition(found.Status == "True", found.Reason, found.Message, found.LastTransitionTime ?? default)
            : null;

    private static ObservedContainer Container(WireContainerStatus status) => new()
    {
        Running = status.State?.Running is not null,
        StartedAt = status.State?.Running?.StartedAt,
        WaitingReason = status.State?.Waiting?.Reason,
        WaitingMessage = status.State?.Waiting?.Message,
        Ended = End(status.State?.Terminated),
        EndedBefore = End(status.LastState?.Terminated),
        Restarts = status.RestartCount,
    };

    private static ContainerEnd? End(WireTerminated? end) =>
        end is null ? null : new ContainerEnd(end.ExitCode, end.Reason, end.Message, end.StartedAt, end.FinishedAt);
}
