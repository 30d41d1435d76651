using GrpoOperator.Crds;

namespace GrpoOperator.Training.Policies;

/// <summary>
/// A spec that was changed where it may not be, past a server without the rule: what runs goes on with what it has, and no
/// incarnation, Job or ConfigMap is made until the change is taken back or the job was suspended.
/// </summary>
internal static class OutOfSync
{
    /// <summary>Whether the spec may change now: before anything was made for it, or while nothing is there.</summary>
    public static bool MayChange(GrpoTrainingJobStatus status) => status.Phase switch
    {
        null or JobPhase.Invalid or JobPhase.Suspended => true,
        JobPhase.Pending => status.CurrentAttempt is null,
        _ => false,
    };

    public static bool Apply(Observation observation, Draft draft) =>
        observation.Job.Spec is not null
        && Note(observation, draft, "The spec was changed where it may not be: what runs goes on with what it has, and nothing new is made. Take the change back, or suspend the job to use it.");

    /// <summary>Says in condition <c>SpecInSync</c> whether the spec is still the one that counts.</summary>
    /// <returns>True when it is not.</returns>
    public static bool Note(Observation observation, Draft draft, string message)
    {
        if (draft.Status.SpecHash is not { } counts || SpecHash.Of(observation.Job.Spec!) == counts)
        {
            draft.Clear(ConditionTypes.SpecInSync);
            return false;
        }

        draft.Warn(ConditionTypes.SpecInSync, status: false, Reasons.SpecChanged, message);
        return true;
    }
}
