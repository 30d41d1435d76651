using GrpoOperator.Crds;

namespace GrpoOperator.Training.Policies;

/// <summary>
/// Waits until the time that a restart or a gang release wrote down. Claims until then; a request to restart ends the wait.
/// </summary>
internal static class BackingOff
{
    public static bool Apply(Observation observation, Draft draft)
    {
        RestartRequest.Hurry(observation, draft);
        if (draft.Status.NextRetryTime is not { } at || observation.Now >= at) return false;
        if (observation.Job.Status.Phase == JobPhase.Pending && Deadlines.Pending(observation, draft) is { } over)
        {
            draft.Status = draft.Status with { Failing = over.Status };
            Ending.Fail(observation, draft, FailureAnswer.Of(observation.Job.Spec, draft.Status));
            return true;
        }

        draft.WakeAt(at);
        return true;
    }
}
