using GrpoOperator.Crds;

namespace GrpoOperator.Training.Policies;

/// <summary>
/// A job that succeeded or failed keeps its status. Its StatefulSet and unfinished Jobs go, whoever made them and however
/// late; finished Jobs stay for their logs until the job goes,
/// <c>ttlSecondsAfterFinished</c> after its end when that is given.
/// </summary>
internal static class Final
{
    public static bool Apply(Observation observation, Draft draft)
    {
        if (!Decide.IsFinal(observation.Job.Status.Phase)) return false;
        draft.Status = observation.Job.Status;
        var keep = observation.Job.Spec?.CleanPodPolicy == CleanPodPolicy.None
            ? observation.Job.Status.CurrentAttempt?.StatefulSetUID
            : null;
        StaleChildren.Delete(observation, draft, stale: (_, uid) => uid != keep);
        if (observation.Job.Spec?.TtlSecondsAfterFinished is { } seconds && observation.Job.Status.CompletionTime is { } end && draft.Elapsed(end, seconds))
            draft.Do(new Act.DeleteJob(observation.Job.Uid));
        return true;
    }
}
