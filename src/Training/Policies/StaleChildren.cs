namespace GrpoOperator.Training.Policies;

/// <summary>
/// Deletes what no status counts on: a StatefulSet or unfinished Job of another incarnation, and a StatefulSet of this one
/// that is not the recorded one. So a create that arrives late, from an operator that lost its lease, does no lasting harm.
/// Claims only when the StatefulSet itself is stale: then nothing about the gang may be read from it.
/// </summary>
internal static class StaleChildren
{
    public static bool Apply(Observation observation, Draft draft)
    {
        var status = observation.Job.Status;
        var recorded = status.CurrentAttempt?.StatefulSetUID;
        var set = observation.StatefulSet;
        var staleSet = set is not null && (set.Incarnation != status.Incarnation || status.CurrentAttempt is null || (recorded is not null && recorded != set.Uid));
        Delete(observation, draft, (incarnation, uid) => incarnation != status.Incarnation || (uid == set?.Uid && staleSet));
        return staleSet;
    }

    /// <summary>Deletes the StatefulSet and every unfinished Job for which <paramref name="stale"/> (incarnation, uid) holds.</summary>
    public static void Delete(Observation observation, Draft draft, Func<int, string, bool> stale)
    {
        if (observation.StatefulSet is { Deleting: false } set && stale(set.Incarnation, set.Uid))
            draft.Do(new Act.Delete(ChildKind.StatefulSet, Names.Of(ChildKind.StatefulSet, observation.Job.Name), set.Uid));

        foreach (var (kind, job) in observation.BatchJobs)
        {
            if (job is { Outcome: BatchJobOutcome.Running, Deleting: false } && stale(job.Incarnation, job.Uid))
                draft.Do(new Act.Delete(kind, Names.Of(kind, observation.Job.Name), job.Uid));
        }
    }
}
