using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>Why a pod is going or was refused, in the operator's own reasons: what the cluster says is words of many versions.</summary>
internal static class PodLoss
{
    /// <summary>A pod whose deletion was asked for; servers from 1.26 on say by whom.</summary>
    public static string Of(ObservedPod pod) => pod.Disruption is { Status: true } disruption ? OfDisruption(disruption) : Reasons.PodDeleted;

    /// <summary>A pod of phase <c>Failed</c> without an end of its container.</summary>
    public static string OfFailed(ObservedPod pod) => pod.Reason switch
    {
        "Evicted" => IsForItsLimits(pod.Message) ? Reasons.EvictedForLimits : Reasons.Evicted,
        "Preempting" => Reasons.Preempted,
        "NodeLost" => Reasons.NodeLost,
        "Shutdown" or "NodeShutdown" or "Terminated" => Reasons.Drained,
        _ => pod.Disruption is { Status: true } disruption ? OfDisruption(disruption) : Reasons.PodRefused,
    };

    /// <summary>What a reason about a pod's place means.</summary>
    public static FailureClass ClassOf(string reason) => reason == Reasons.EvictedForLimits ? FailureClass.OutOfMemory : FailureClass.Infrastructure;

    private static string OfDisruption(ObservedCondition disruption) => disruption.Reason switch
    {
        "PreemptionByScheduler" or "PreemptionByKubeScheduler" => Reasons.Preempted,
        "EvictionByEvictionAPI" => Reasons.Drained,
        "DeletionByTaintManager" or "DeletionByPodGC" => Reasons.NodeLost,
        "TerminationByKubelet" => Reasons.Evicted,
        _ => Reasons.PodDeleted,
    };

    /// <summary>The kubelet's words for a pod that used more than its own limits allow.</summary>
    private static bool IsForItsLimits(string? message) => message is not null
        && (message.Contains("exceeds the limit", StringComparison.Ordinal) || message.Contains("exceeds the total limit", StringComparison.Ordinal)
            || message.Contains("exceeded its local ephemeral storage limit", StringComparison.Ordinal));
}
