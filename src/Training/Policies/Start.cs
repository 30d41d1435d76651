using GrpoOperator.Crds;
using GrpoOperator.Training.Children;

namespace GrpoOperator.Training.Policies;

/// <summary>
/// Makes the gang: status gets the attempt first, then Service, NetworkPolicy and StatefulSet are made. Always claims: it
/// is the last policy. It also makes again what a crash between the writes left unmade.
/// </summary>
internal static class Start
{
    public static bool Apply(Observation observation, Draft draft)
    {
        // Under the same names it would be taken for a member of the new gang. Its going wakes the job.
        if (observation.Pods.FirstOrDefault(pod => pod.Owner.Kind == "StatefulSet") is { } old)
        {
            var holders = old.HeldBy.Count > 0 ? ", held by " + string.Join(", ", old.HeldBy) : string.Empty;
            draft.Set(ConditionTypes.PodsScheduled, false, Reasons.WaitingForOldPods, $"Pod {old.Name} of an earlier StatefulSet is still there{holders}; the new one is made when it is gone.");
            return true;
        }

        // Caches may be late: none is made while the server has one.
        if (draft.Status.Incarnation > 1 || draft.Status.CurrentAttempt is { StatefulSetUID: not null })
        {
            if (!NoTrainerLives(observation, draft)) return true;
        }

        Announce(observation, draft);
        var context = ChildContext.Of(observation, draft.Status) with { AvoidNodes = SuspectNodes.Avoided(observation) };
        if (Network(observation, draft)) ChildWrites.Ensure(observation, draft, ChildKind.StatefulSet, () => TrainerStatefulSet.Build(context));
        return true;
    }

    /// <summary>
    /// The attempt stands in status before its StatefulSet is made. That of a restart was announced with the restart, and
    /// the phase changes when the StatefulSet is there, so its creation needs no write of its own.
    /// </summary>
    private static void Announce(Observation observation, Draft draft)
    {
        if (draft.Status.CurrentAttempt is { StatefulSetUID: not null } made)
        {
            // It was there and is not: somebody deleted it before its pods were bound.
            draft.Status = draft.Status with { CurrentAttempt = made with { StatefulSetUID = null } };
        }

        if (draft.Status is { Phase: JobPhase.Restarting, CurrentAttempt: not null }) return;
        if (draft.Status.CurrentAttempt is null)
        {
            draft.Status = draft.Status with
            {
                CurrentAttempt = new CurrentAttempt { Number = draft.Status.AttemptsUsed + 1, StartTime = observation.Now },
                PendingSince = draft.Status.PendingSince ?? observation.Now,
                NextRetryTime = null,
                ReadyNodes = 0,
            };
            draft.Set(ConditionTypes.PodsScheduled, false, Reasons.PodsPending, "The gang's pods are being made.");
        }

        draft.Enter(JobPhase.Pending, $"Attempt {draft.Status.CurrentAttempt!.Number}: {draft.Status.Nodes} pods ask for {draft.Status.Npus} NPUs.");
    }

    /// <summary>Service and NetworkPolicy as the incarnation needs them.</summary>
    /// <returns>False while one of them is refused: pods without names can't meet, and none is to be open to others.</returns>
    public static bool Network(Observation observation, Draft draft)
    {
        var context = ChildContext.Of(observation, draft.Status);
        var ready = true;
        if (observation.Service is null)
            ready = ChildWrites.Ensure(observation, draft, ChildKind.Service, () => HeadlessService.Build(context));
        else if (observation.Service.SelectedIncarnation != draft.Status.Incarnation)
            draft.Do(new Act.PointService(observation.Service.Uid, draft.Status.Incarnation));

        if (observation.Cluster.NetworkPolicy && !observation.NetworkPolicyExists)
            ready &= ChildWrites.Ensure(observation, draft, ChildKind.NetworkPolicy, () => JobNetworkPolicy.Build(context));
        return ready;
    }

    private static bool NoTrainerLives(Observation observation, Draft draft)
    {
        if (observation.PodsNow?.All(pod => pod.Owner.Kind != "StatefulSet") == true) return true;
        draft.AskForPods();
        return false;
    }
}
