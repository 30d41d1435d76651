namespace GrpoOperator.Training.Policies;

/// <summary>A job that is being deleted: the garbage collector removes what it owns; nothing is written any more.</summary>
internal static class Deleted
{
    public static bool Apply(Observation observation, Draft draft)
    {
        if (!observation.Job.Deleting) return false;
        draft.Status = observation.Job.Status;
        return true;
    }
}
