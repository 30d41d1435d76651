using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>
/// Whether the next rank 0 must wait at the fence: a trainer whose end nobody saw may still live on a node that doesn't
/// answer. Once a later incarnation's trainer has launched, it has waited for all of them.
/// </summary>
internal static class FenceWaits
{
    /// <summary>The value after the current incarnation ended.</summary>
    public static bool AfterEnd(Observation observation, GrpoTrainingJobStatus status)
    {
        // Without a launch nothing trained, but a container of an older incarnation may still.
        if (status.CurrentAttempt is not { Pods: { } pods } attempt) return status.FenceWait;
        var all = pods.All(pod => observation.Answers.Ended.Contains(pod.Uid));
        return !all || (status.FenceWait && attempt.LaunchTime is null);
    }
}
