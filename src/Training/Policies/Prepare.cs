using GrpoOperator.Training.Children;

namespace GrpoOperator.Training.Policies;

/// <summary>The CPU work before any NPU is asked for: launch ConfigMap, inspection, data. Claims until all of it is done.</summary>
internal static class Prepare
{
    public static bool Apply(Observation observation, Draft draft) =>
        !LaunchConfigIsReady(observation, draft) || !Inspecting.IsDone(observation, draft) || !PreparingData.IsDone(observation, draft);

    /// <summary>
    /// The ConfigMap is made first. It is immutable: when the spec changed it is replaced, but only while nothing that
    /// mounts it can run.
    /// </summary>
    private static bool LaunchConfigIsReady(Observation observation, Draft draft)
    {
        var context = ChildContext.Of(observation, draft.Status);
        if (observation.LaunchConfig is not { Deleting: false } existing)
        {
            // Until it is ours nothing is made that would mount it: under that name may stand somebody else's.
            var refused = observation.Answers.Refused.ContainsKey(ChildKind.LaunchConfig);
            return observation.LaunchConfig is null && ChildWrites.Ensure(observation, draft, ChildKind.LaunchConfig, () => LaunchConfig.Build(context)) && !refused;
        }

        // No StatefulSet: one without an attempt was claimed as stale above.
        var inUse = observation.Pods.Any(pod => pod.FirstEnd is null) || observation.BatchJobs.Values.Any(job => job.Outcome == BatchJobOutcome.Running);
        if (draft.Status.CurrentAttempt is not null || existing.ContentHash == LaunchConfig.ContentHash(context)) return true;
        if (inUse)
        {
            // What still mounts the old one is of an older spec: Jobs go by name when their successors are made.
            StaleChildren.Delete(observation, draft, (_, _) => true);
            return false;
        }

        draft.Do(new Act.ReplaceConfigMap(existing.Uid, LaunchConfig.Build(context)));
        return true;
    }
}
