using GrpoOperator.Crds;
using GrpoOperator.Training.Children;

namespace GrpoOperator.Training.Policies;

/// <summary>
/// Follows the gang that was made: bound pods are recorded and the StatefulSet sealed, then rank 0's launch, then steps.
/// Claims while the StatefulSet exists. A steady gang changes nothing in status, so it costs no write.
/// </summary>
internal static class Follow
{
    public static bool Apply(Observation observation, Draft draft)
    {
        if (observation.StatefulSet is not { } set || observation.Job.Spec is null || Gang.Of(observation) is not { } gang) return false;
        Made(observation, draft, set);
        Start.Network(observation, draft);
        if (gang.Recorded.Count > 0)
        {
            if (!set.Sealed) draft.Do(new Act.Seal(set.Uid));
            Launch(observation, draft, gang);
        }
        else if (gang.AllBound)
        {
            Record(observation, draft, gang);
            draft.Do(new Act.Seal(set.Uid));
            Launch(observation, draft, gang);
        }
        else
        {
            WaitForNodes(observation, draft, gang);
            Group(observation, draft, set);
            if (GangClock.Release(observation, draft, gang))
            {
                StaleChildren.Delete(observation, draft, stale: (_, _) => true);
                return true;
            }
        }

        OutOfSync.Note(observation, draft, "The spec was changed while it runs; the running gang goes on with what it has. Suspend the job to use the new one.");
        return true;
    }

    /// <summary>The first write after the StatefulSet was made: its uid, and that the wait before it is over.</summary>
    private static void Made(Observation observation, Draft draft, ObservedStatefulSet set)
    {
        var attempt = draft.Status.CurrentAttempt!;
        if (attempt.StatefulSetUID is not null) return;
        draft.Status = draft.Status with
        {
            CurrentAttempt = attempt with { StatefulSetUID = set.Uid, StartTime = draft.Status.Phase == JobPhase.Restarting ? observation.Now : attempt.StartTime },
            PendingSince = draft.Status.PendingSince ?? observation.Now,
            NextRetryTime = null,
        };
        Warnings.NoteDropped(observation, draft);
    }

    private static void WaitForNodes(Observation observation, Draft draft, Gang gang)
    {
        draft.Enter(JobPhase.Pending, "The gang's pods wait for nodes.");
        if (observation.PodRefusals.TryGetValue(ChildKind.StatefulSet, out var refusal) && gang.Pods.Count < gang.Size)
        {
            draft.Warn(ConditionTypes.PodsScheduled, status: false, Reasons.PodsRefused, $"{gang.Pods.Count} of {gang.Size} pods were made; the next is refused: {refusal.Message}");
            return;
        }

        var wait = gang.Pods.Where(pod => !pod.Bound).Select(PodWait.Of).OfType<PodWait>().FirstOrDefault();
        if (wait is { Warning: true })
            draft.Warn(ConditionTypes.PodsScheduled, status: false, wait.Reason, $"{gang.Pods.Count(pod => pod.Bound)} of {gang.Size} pods have nodes; {wait.Message}");
    }

    /// <summary>
    /// Volcano's PodGroup, right after the StatefulSet whose uid it bears. Only an answer says that it was made, so a new leader
    /// posts it once more, and hears that it is there.
    /// </summary>
    private static void Group(Observation observation, Draft draft, ObservedStatefulSet set)
    {
        var context = ChildContext.Of(observation, draft.Status);
        if (!VolcanoGang.HasPodGroup(context)) return;
        if (observation.Answers.PodGroup is { } answer && answer.StatefulSetUid == set.Uid
            && (answer.Refusal is not { } refusal
                || ChildWrites.IsWaitedOut(observation, draft, ConditionTypes.PodsScheduled, $"PodGroup {PodGroup.NameOf(context.JobName, context.Incarnation)}", refusal)))
        {
            return;
        }

        draft.Do(new Act.CreatePodGroup(set.Uid, PodGroup.Build(context, set.Uid)));
    }

    private static void Record(Observation observation, Draft draft, Gang gang)
    {
        var attempt = draft.Status.CurrentAttempt!;
        draft.Status = draft.Status with
        {
            AttemptsUsed = Math.Max(draft.Status.AttemptsUsed, attempt.Number),
            PendingSince = null,
            GangReleases = 0,
            GangClockStart = null,
            CurrentAttempt = attempt with
            {
                ScheduledTime = observation.Now,
                Pods = [.. gang.Pods.Select(pod => new AttemptPod { Ordinal = pod.Ordinal, Uid = pod.Uid, Node = pod.Node! })],
            },
        };
        var nodes = string.Join(", ", gang.Pods.Select(pod => pod.Node));
        draft.Set(ConditionTypes.PodsScheduled, true, Reasons.AllPodsBound, $"All {gang.Size} pods have nodes: {nodes}.");
        draft.Enter(JobPhase.Starting, $"Attempt {attempt.Number}: all {gang.Size} pods have nodes ({nodes}).");
    }

    private static void Launch(Observation observation, Draft draft, Gang gang)
    {
        var attempt = draft.Status.CurrentAttempt!;
        if (attempt.LaunchTime is null)
        {
            var ready = gang.Size == gang.Ready;
            var training = observation.Job.Spec!.Launch.Mode == LaunchMode.Train;
            if (gang.Head is { IsReady: true } head && (training || ready))
                Launched(observation, draft, gang, head);
            else
                NameWait(draft, gang);
        }

        if (draft.Status.Phase == JobPhase.Running && gang.Head is { } source)
        {
            ProgressUpdate.Apply(observation, draft, source.Uid);
            StallClock.NoteReadability(observation, draft, source.Uid);
            draft.Console = new ConsoleSource(source.Name, source.Uid, draft.Status.Incarnation, draft.Status.StepTimes?.Median);
        }
    }

    private static void Launched(Observation observation, Draft draft, Gang gang, ObservedPod head)
    {
        var attempt = draft.Status.CurrentAttempt!;
        var at = head.Ready!.Since;
        var earliest = attempt.ScheduledTime ?? observation.Now;
        at = at < earliest ? earliest : at > observation.Now ? observation.Now : at;
        // It waited at the fence for every older trainer.
        draft.Status = draft.Status with { CurrentAttempt = attempt with { LaunchTime = at }, ReadyNodes = gang.Size, FenceWait = false };
        var (reason, message) = observation.Job.Spec!.Launch.Mode == LaunchMode.Train
            ? (Reasons.TrainerLaunched, $"Attempt {attempt.Number}: the trainer runs on node {head.Node} (pod {head.Name}).")
            : (Reasons.RayClusterReady, $"Attempt {attempt.Number}: the Ray cluster is up; its head is pod {head.Name} on node {head.Node}.");
        draft.Set(ConditionTypes.PodsReady, true, Reasons.AllPodsReady, $"All {gang.Size} pods have joined.");
        draft.Set(ConditionTypes.Running, true, reason, message);
        draft.Enter(JobPhase.Running, message);
    }

    /// <summary>
    /// A pull or a container that can't start is named at once, and only once: it stays named while its pod is tried again.
    /// </summary>
    private static void NameWait(Draft draft, Gang gang)
    {
        var wait = PodWait.MostUrgent(gang.Members);
        var named = draft.Status.Condition(ConditionTypes.PodsReady) is { Status: ConditionStatus.False, Reason: not Reasons.NoPods };
        if (wait is { Warning: true })
            draft.Warn(ConditionTypes.PodsReady, status: false, wait.Reason, wait.Message);
        else if (wait is null || !named)
            draft.Set(ConditionTypes.PodsReady, false, Reasons.PodsStarting, "Containers start and Ray gathers its nodes.");
    }
}
