using GrpoOperator.Crds;

namespace GrpoOperator.Training.Policies;

/// <summary>
/// A gang fails as a whole. In this order: (1) status names the failure, (2) the StatefulSet is deleted, (3) all its pods
/// are gone, as the API server says, (4) the class is final, and the counters, the back-off and the next incarnation are
/// written, or the job ends. The class is provisional until (4): a follower that was seen first gives the blame to a
/// primary cause that is seen later.
/// </summary>
internal static class Failing
{
    public static bool Apply(Observation observation, Draft draft)
    {
        if (Gang.Of(observation) is not { } gang) return false;
        if (observation.Job.Status.Failing is null && Suspend.IsUnderWay(observation)) return false;
        if (observation.Job.Status.Failing is { } known)
        {
            NoteHead(observation, draft, gang);
            MoveBlame(observation, draft, gang, known);
        }
        else
        {
            var seen = Blame.Find(observation, gang) ?? LostNodes.Find(observation, gang, draft) ?? Deadlines.Passed(observation, gang, draft) ?? RestartRequest.Of(observation, gang);
            if (seen is null) return AskWhereTheyAre(gang, draft);
            NoteHead(observation, draft, gang);
            Begin(observation, draft, gang, seen);
        }

        GoOn(observation, draft, gang);
        return true;
    }

    /// <summary>A recorded pod that the cache lacks may only be late: the API server is asked before anybody is blamed.</summary>
    private static bool AskWhereTheyAre(Gang gang, Draft draft)
    {
        if (gang.Recorded.All(member => gang.Pods.Any(pod => pod.Ordinal == member.Ordinal))) return false;
        draft.AskForPods();
        return true;
    }

    private static void Begin(Observation observation, Draft draft, Gang gang, Failure failure)
    {
        var failing = failure.Status with { Since = observation.Now };
        draft.Status = draft.Status with { Phase = JobPhase.Restarting, Failing = failing, ReadyNodes = 0 };
        RestartRequest.Note(observation, draft, failing);
        draft.Set(ConditionTypes.Running, false, failing.Reason, Ending.FirstLine(failing.Message));
        draft.Tell(warning: failing.Reason != Reasons.RestartRequested, failing.Reason, $"{Ending.FirstLine(failing.Message)}; {Next(observation, draft, gang, failing)}.");
    }

    /// <summary>What the operator does next, for the event.</summary>
    private static string Next(Observation observation, Draft draft, Gang gang, FailingStatus failing)
    {
        if (KeepsPods(observation, FailureAnswer.Of(observation.Job.Spec, draft.Status))) return "its pods are kept (cleanPodPolicy)";
        if (WaitsForHead(gang, failing)) return $"the whole gang is removed when rank 0 has told why, or in {observation.Timings.HeadGone:0} s";
        return HoldSeconds(observation, failing) is > 0 and var hold ? $"the whole gang is removed in {hold} s (failurePolicy.holdSeconds)" : "the whole gang is removed";
    }

    private static void MoveBlame(Observation observation, Draft draft, Gang gang, FailingStatus known)
    {
        var moved = Blame.Move(observation, gang, known);
        if (moved == known)
        {
            if (Blame.Follows(known)) AskLeases(observation, gang, draft);
            return;
        }

        draft.Status = draft.Status with { Failing = moved };
        draft.Set(ConditionTypes.Running, false, moved.Reason, Ending.FirstLine(moved.Message));
    }

    /// <summary>(2) to (4).</summary>
    private static void GoOn(Observation observation, Draft draft, Gang gang)
    {
        var failing = draft.Status.Failing!;
        var answer = FailureAnswer.Of(observation.Job.Spec, draft.Status);
        if (KeepsPods(observation, answer))
        {
            if (draft.Elapsed(failing.Since, SettleOfKept(observation, failing))) Ending.Fail(observation, draft, answer);
            return;
        }

        var settled = draft.Elapsed(failing.Since, observation.Timings.Settle);
        if (!MayRemove(observation, draft, gang, failing)) return;
        StaleChildren.Delete(observation, draft, stale: (_, _) => true);
        if (!settled || !PodsAreGone(observation, failing.Since, draft)) return;
        if (answer.Restarts) Ending.Restart(observation, draft, answer);
        else Ending.Fail(observation, draft, answer);
    }

    /// <summary>
    /// What holds the removal up: the user's wish to look at the pods, and a worker that only says that its head is gone
    /// while the head has not spoken.
    /// </summary>
    private static bool MayRemove(Observation observation, Draft draft, Gang gang, FailingStatus failing)
    {
        // Once asked for it goes on, whatever is changed in the spec meanwhile.
        if (observation.StatefulSet is not { Deleting: false }) return true;
        if (WaitsForHead(gang, failing) && !draft.Elapsed(failing.Since, observation.Timings.HeadGone)) return false;
        return HoldSeconds(observation, failing) is not (> 0 and var hold) || draft.Elapsed(failing.Since, hold);
    }

    private static bool WaitsForHead(Gang gang, FailingStatus failing) => failing.Reason == LauncherCodes.HeadGone && gang.Head is { FirstEnd: null, Deleting: false };

    private static bool KeepsPods(Observation observation, FailureAnswer answer) => observation.Job.Spec?.CleanPodPolicy == CleanPodPolicy.None && !answer.Restarts;

    private static int? HoldSeconds(Observation observation, FailingStatus failing) =>
        failing.Reason == Reasons.RestartRequested ? null : observation.Job.Spec?.FailurePolicy.HoldSeconds;

    /// <summary>Pods that are kept need no removal, only time for the blame to settle.</summary>
    private static double SettleOfKept(Observation observation, FailingStatus failing) => failing.Reason switch
    {
        LauncherCodes.HeadGone => observation.Timings.HeadGone,
        Reasons.NodeLost => observation.Job.Spec!.FailurePolicy.NodeLostSeconds,
        _ => observation.Timings.Settle,
    };

    /// <summary>A silent kubelet shows in its lease half a minute before its node's condition tells.</summary>
    private static void AskLeases(Observation observation, Gang gang, Draft draft)
    {
        if (!observation.Cluster.NodeAccess) return;
        foreach (var node in gang.Recorded.Select(member => member.Node).Distinct(StringComparer.Ordinal))
        {
            if (observation.Answers.Leases.TryGetValue(node, out var answer) && answer.At > observation.Now.AddSeconds(-observation.Timings.LeaseStale / 2)) continue;
            draft.Ask(new Question.NodeLease(node));
        }
    }

    /// <summary>Rank 0's verdict knows the last step and the launch, also when the trainer died before its console was read.</summary>
    private static void NoteHead(Observation observation, Draft draft, Gang gang)
    {
        if (gang.Head?.FirstEnd is not { } end || TrainerVerdict.Parse(end.Message) is not { } verdict) return;
        draft.Status = ProgressUpdate.AtEnd(draft.Status, verdict, observation.Now, succeeded: false);
    }

    private static bool PodsAreGone(Observation observation, DateTime since, Draft draft)
    {
        if (observation.TrainersOf(observation.Job.Status.Incarnation).Any()) return false;
        if (observation.Answers.Pods is { } answer && answer.At > since && answer.Pods.All(pod => pod.Owner.Kind != "StatefulSet")) return true;
        draft.AskForPods();
        return false;
    }
}
