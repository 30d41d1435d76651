using GrpoOperator.Crds;

namespace GrpoOperator.Training.Policies;

/// <summary>
/// Rank 0's trainer ended with 0 and its launcher says that no SIGTERM came before. Workers never decide: their Ray ends
/// with 1 after a head that is done.
/// </summary>
internal static class Success
{
    public static bool Apply(Observation observation, Draft draft)
    {
        if (Gang.Of(observation)?.Head is not { FirstEnd: { ExitCode: 0 } end } head) return false;
        var verdict = TrainerVerdict.Parse(end.Message);
        if (verdict is not null && verdict.Code is not (LauncherCodes.Succeeded or LauncherCodes.AlreadySucceeded)) return false;

        var steps = verdict?.Step ?? draft.Status.Progress?.Step;
        draft.Status = ProgressUpdate.AtEnd(draft.Status, verdict, observation.Now, succeeded: true);
        draft.Status = AttemptHistory.Close(observation, draft.Status, verdict, failure: null, Reasons.TrainerSucceeded);
        var message = steps is { } n
            ? $"Training ended after step {n} (pod {head.Name} on node {head.Node}, attempt {draft.Status.AttemptsUsed})."
            : $"Training ended (pod {head.Name} on node {head.Node}, attempt {draft.Status.AttemptsUsed}).";
        draft.Status = draft.Status with { Phase = JobPhase.Succeeded, CompletionTime = observation.Now, Failing = null, ReadyNodes = 0 };
        draft.Set(ConditionTypes.Running, false, Reasons.TrainerSucceeded, message);
        draft.Set(ConditionTypes.Succeeded, true, Reasons.TrainerSucceeded, message);
        draft.Tell(warning: false, Reasons.TrainerSucceeded, message);
        if (observation.Job.Spec?.CleanPodPolicy != CleanPodPolicy.None)
            StaleChildren.Delete(observation, draft, stale: (_, _) => true);
        return true;
    }
}
