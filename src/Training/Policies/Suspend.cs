using GrpoOperator.Crds;

namespace GrpoOperator.Training.Policies;

/// <summary>
/// <c>spec.suspend</c>: the gang and running Jobs go, and nothing of that counts. The phase stays, with condition
/// <c>Suspended=False</c> (<c>Suspending</c>), until the last pod is gone; what began to go goes on to the end also when the
/// wish is taken back meanwhile. A resumed job gets the next incarnation.
/// </summary>
internal static class Suspend
{
    /// <summary>Whether the job is, or is on its way to be, suspended: then pods that go say nothing about the training.</summary>
    public static bool IsUnderWay(Observation observation) =>
        observation.Job.Spec is { Suspend: true } || observation.Job.Status.Condition(ConditionTypes.Suspended) is { Status: ConditionStatus.False, Reason: Reasons.Suspending };

    public static bool Apply(Observation observation, Draft draft)
    {
        var suspended = observation.Job.Status.Phase == JobPhase.Suspended;
        if (suspended && observation.Job.Spec is { Suspend: false })
        {
            Resume(observation, draft);
            return false;
        }

        if (!IsUnderWay(observation)) return false;
        StaleChildren.Delete(observation, draft, stale: (_, _) => true);
        if (suspended) return true;
        if (NothingRuns(observation, draft)) End(observation, draft);
        else if (draft.Set(ConditionTypes.Suspended, false, Reasons.Suspending, "The job's pods are being removed."))
            draft.Tell(warning: false, Reasons.Suspending, "The job's pods are being removed.");
        return true;
    }

    /// <summary>Nothing was ever there, or the API server said, after the removal was announced, that nothing is there any more.</summary>
    private static bool NothingRuns(Observation observation, Draft draft)
    {
        var status = observation.Job.Status;
        var pods = observation.Pods.Where(IsAlive);
        var nothing = observation.StatefulSet is null && !pods.Any() && observation.BatchJobs.Values.All(job => job.Outcome != BatchJobOutcome.Running);
        if (!nothing) return false;
        if (status.CurrentAttempt is null && status.Phase is null or JobPhase.Invalid) return true;
        var announced = status.Condition(ConditionTypes.Suspended) is { Status: ConditionStatus.False, Reason: Reasons.Suspending } condition ? condition.LastTransitionTime : (DateTime?)null;
        if (announced is { } since && observation.Answers.Pods is { } answer && answer.At > since && !answer.Pods.Any(IsAlive)) return true;
        if (announced is not null) draft.AskForPods();
        return false;
    }

    /// <summary>A finished Job's pod stays for its log, once the kubelet says that it holds nothing; a trainer's goes.</summary>
    private static bool IsAlive(ObservedPod pod) => pod.Owner.Kind == "StatefulSet" || pod.Phase is not ("Succeeded" or "Failed");

    private static void End(Observation observation, Draft draft)
    {
        var status = AttemptHistory.Close(observation, draft.Status, verdict: null, failure: null, Reasons.SuspendedByUser);
        draft.Status = Ending.WithoutGang(observation, status) with { Phase = JobPhase.Suspended, GangReleases = 0, NextRetryTime = null };
        draft.Clear(ConditionTypes.Running);
        draft.Clear(ConditionTypes.PodsReady);
        draft.Clear(ConditionTypes.PodsScheduled);
        draft.Clear(ConditionTypes.StepStalled);
        draft.Set(ConditionTypes.Suspended, true, Reasons.SuspendedByUser, "The job has no pods until suspend is taken back.");
        draft.Tell(warning: false, Reasons.SuspendedByUser, "The job has no pods until suspend is taken back.");
    }

    private static void Resume(Observation observation, Draft draft)
    {
        draft.Status = draft.Status with { Incarnation = draft.Status.Incarnation + 1, Phase = JobPhase.Pending };
        draft.Set(ConditionTypes.Suspended, false, Reasons.Resumed, "The job goes on.");
        draft.Tell(warning: false, Reasons.Resumed, "The job goes on.");
        ResumeEpoch.Note(observation, draft);
    }
}
