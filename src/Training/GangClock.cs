using GrpoOperator.Crds;
using GrpoOperator.Training.Children;

namespace GrpoOperator.Training;

/// <summary>
/// All-or-nothing start without a gang scheduler: when some pods are bound and others are not for <c>gangTimeoutSeconds</c>,
/// all are given up, and made again after a jittered wait. So two jobs that hold half of each other's nodes don't wait for
/// ever. The clock starts anew with every pod that is bound and when the autoscaler makes room.
/// </summary>
internal static class GangClock
{
    /// <summary>Releases the gang when its time is over; true when it did.</summary>
    public static bool Release(Observation observation, Draft draft, Gang gang)
    {
        if (Start(observation, gang) is not { } start)
        {
            draft.Status = draft.Status with { GangClockStart = null };
            return false;
        }

        // Pods are seldom bound in the same instant: only a gang that stays halved is worth a write.
        if (draft.Elapsed(start, observation.Timings.GangNotice)) draft.Status = draft.Status with { GangClockStart = start };
        var seconds = observation.Job.Spec!.Scheduling.GangTimeoutSeconds;
        if (!draft.Elapsed(start, seconds)) return false;

        var releases = draft.Status.GangReleases;
        var pendingSince = draft.Status.PendingSince;
        draft.Status = Ending.NextIncarnation(observation, draft.Status) with
        {
            PendingSince = pendingSince,
            GangReleases = releases + 1,
            NextRetryTime = Backoff.Next(observation, releases),
        };
        var message = $"{gang.Pods.Count(pod => pod.Bound)} of {gang.Size} pods got nodes within {seconds} s (scheduling.gangTimeoutSeconds): all are given up, so that others can start, and made again at {draft.Status.NextRetryTime:HH:mm:ss}.";
        draft.Set(ConditionTypes.PodsScheduled, false, Reasons.GangReleased, message);
        draft.Tell(warning: true, Reasons.GangReleased, message);
        return true;
    }

    /// <summary>When the gang was last halved in a new way; null while it isn't, or somebody else starts gangs here.</summary>
    private static DateTime? Start(Observation observation, Gang gang)
    {
        var context = ChildContext.Of(observation, observation.Job.Status);
        if (context.Spec.Scheduling.Gang == GangMode.None || VolcanoGang.Starts(context)) return null;
        // What Kueue holds back is not short of a node.
        var bound = gang.Pods.Where(pod => pod.Bound).ToArray();
        if (bound.Length == 0 || gang.AllBound || gang.Pods.Any(pod => !pod.Bound && pod.HeldBy.Count > 0)) return null;
        var newest = bound.Max(pod => pod.Scheduled is { Status: true } scheduled ? scheduled.Since : observation.Job.Status.PendingSince ?? observation.Now);
        return observation.ScaleUpAt is { } scaled && scaled > newest ? scaled : newest;
    }
}
