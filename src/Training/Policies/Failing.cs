using GrpoOperator.Crds;

namespace GrpoOperator.Training.Policies;

/// <summary>
/// A gang fails as a whole. In this order: (1) status names the failure, (2) the StatefulSet is deleted, (3) all its pods
/// are gone, as the API server says, (4) the class is final and the job ends. The class is provisional until (4): a
/// follower that was seen first gives the blame to a primary cause that is seen later.
/// </summary>
internal static class Failing
{
    public static bool Apply(Observation observation, Draft draft)
    {
        if (Gang.Of(observation) is not { } gang) return false;
        var seen = Blame.Find(observation, gang);
        if (observation.Job.Status.Failing is not { } known)
        {
            if (seen is null) return AskWhereTheyAre(observation, gang, draft);
            NoteHead(observation, draft, gang);
            Begin(observation, draft, seen);
            return true;
        }

        NoteHead(observation, draft, gang);
        if (seen is not null && IsBetter(seen, known) && !IsOurDoing(observation, seen)) draft.Status = draft.Status with { Failing = seen.Status with { Since = known.Since } };
        var keepPods = observation.Job.Spec?.CleanPodPolicy == CleanPodPolicy.None;
        if (!keepPods) StaleChildren.Delete(observation, draft, stale: (_, _) => true);
        if (draft.Elapsed(known.Since, observation.Timings.Settle) && (keepPods || PodsAreGone(observation, known.Since, draft)))
            End(observation, draft);
        return true;
    }

    /// <summary>A recorded pod that the cache lacks may only be late: the API server is asked before anybody is blamed.</summary>
    private static bool AskWhereTheyAre(Observation observation, Gang gang, Draft draft)
    {
        var missing = gang.Recorded.Where(member => gang.Pods.All(pod => pod.Ordinal != member.Ordinal)).ToArray();
        if (missing.Length == 0) return false;
        draft.Ask(new Question.PodsNow());
        draft.WakeAt(observation.Now.AddSeconds(observation.Timings.AskAgain));
        return true;
    }

    private static void Begin(Observation observation, Draft draft, Failure failure)
    {
        var failing = failure.Status with { Since = observation.Now };
        draft.Status = draft.Status with { Phase = JobPhase.Restarting, Failing = failing };
        draft.Set(ConditionTypes.Running, false, failing.Reason, FirstLine(failing.Message));
        draft.Tell(warning: true, failing.Reason, FirstLine(failing.Message) + "; the whole gang is removed.");
        if (observation.Job.Spec?.CleanPodPolicy != CleanPodPolicy.None) StaleChildren.Delete(observation, draft, stale: (_, _) => true);
        draft.Elapsed(observation.Now, observation.Timings.Settle);
    }

    private static bool IsBetter(Failure seen, FailingStatus known)
    {
        var knownFollows = LauncherCodes.Find(known.Reason)?.Follower ?? LogSignatures.Find(known.Reason)?.Follower ?? false;
        return knownFollows && !seen.Follower;
    }

    /// <summary>
    /// Once the StatefulSet is deleted its pods go because of that: their going says nothing about why the gang failed, and
    /// must not take the blame from a follower that was seen before.
    /// </summary>
    private static bool IsOurDoing(Observation observation, Failure seen) =>
        seen.Status.Reason is Reasons.PodDeleted or Reasons.PodVanished && observation.StatefulSet is not { Deleting: false };

    /// <summary>Rank 0's verdict knows the last step and the launch, also when the trainer died before its console was read.</summary>
    private static void NoteHead(Observation observation, Draft draft, Gang gang)
    {
        if (gang.Head?.FirstEnd is not { } end || TrainerVerdict.Parse(end.Message) is not { } verdict) return;
        var attempt = draft.Status.CurrentAttempt!;
        draft.Status = ProgressUpdate.AtEnd(draft.Status, verdict, observation.Now, succeeded: false) with
        {
            CurrentAttempt = attempt with { LaunchTime = attempt.LaunchTime ?? verdict.LaunchTime, LastStep = verdict.Step ?? attempt.LastStep },
        };
    }

    private static bool PodsAreGone(Observation observation, DateTime since, Draft draft)
    {
        var incarnation = observation.Job.Status.Incarnation;
        if (observation.TrainersOf(incarnation).Any()) return false;
        if (observation.Answers.Pods is { } answer && answer.At > since && answer.Pods.All(pod => pod.Owner.Kind != "StatefulSet")) return true;
        draft.Ask(new Question.PodsNow());
        draft.WakeAt(observation.Now.AddSeconds(observation.Timings.AskAgain));
        return false;
    }

    private static void End(Observation observation, Draft draft)
    {
        var failing = draft.Status.Failing!;
        draft.Status = AttemptHistory.Close(observation, draft.Status, verdict: null, failing);
        draft.Status = draft.Status with { Phase = JobPhase.Failed, CompletionTime = observation.Now, Failing = null };
        draft.Set(ConditionTypes.Failed, true, failing.Reason, failing.Message ?? failing.Reason);
        draft.Tell(warning: true, nameof(JobPhase.Failed), FirstLine(failing.Message));
    }

    private static string FirstLine(string? text) => text?.Split('\n', 2)[0] ?? string.Empty;
}
