using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>
/// Nodes that don't answer. A node that isn't <c>Ready</c> only takes blame from others; it is a failure when one of its
/// pods is being removed, or when it stays so for <c>failurePolicy.nodeLostSeconds</c> without a break.
/// </summary>
internal static class LostNodes
{
    /// <summary>Whether the node is known not to be ready.</summary>
    public static bool IsNotReady(Observation observation, string? node) =>
        node is not null && observation.Nodes.TryGetValue(node, out var found) && found.Ready != true;

    /// <summary>Whether the kubelet's lease is known to be stale.</summary>
    public static bool IsSilent(Observation observation, string? node) =>
        node is not null && observation.Answers.Leases.TryGetValue(node, out var lease)
        && (lease.Age is not { } age || age.TotalSeconds >= observation.Timings.LeaseStale);

    /// <summary>Whether the node has not been ready for <c>nodeLostSeconds</c>; else the job wakes when it would be so.</summary>
    public static bool IsLost(Observation observation, string? node, Draft draft) =>
        IsNotReady(observation, node) && draft.Elapsed(observation.Nodes[node!].ReadySince, LostSeconds(observation));

    /// <summary>A member whose node was lost while nobody removed its pod, e.g. behind a toleration without an end.</summary>
    public static Failure? Find(Observation observation, Gang gang, Draft draft)
    {
        var member = gang.Recorded.FirstOrDefault(member => IsLost(observation, member.Node, draft));
        return member is null ? null : OfMember(observation, member);
    }

    /// <summary>
    /// The first member whose node isn't ready or whose kubelet is silent: no failure by itself, but it takes the blame from
    /// whoever only says that a peer went.
    /// </summary>
    public static Failure? Suspect(Observation observation, Gang gang)
    {
        var member = gang.Recorded.FirstOrDefault(member => IsNotReady(observation, member.Node) || IsSilent(observation, member.Node));
        return member is null ? null : OfMember(observation, member);
    }

    /// <summary>
    /// Removes by force what hangs on lost nodes: their kubelets can't confirm an end any more. The API server is asked
    /// first, since this can't be taken back; a trainer that still lives there is kept from the checkpoints by the fence.
    /// </summary>
    public static void Force(Observation observation, Draft draft)
    {
        foreach (var pod in observation.Pods.Where(pod => pod.Deleting))
        {
            if (!observation.Cluster.NodeAccess) SayThatNobodyCanTell(observation, draft, pod);
            if (!IsLost(observation, pod.Node, draft)) continue;
            if (!IsConfirmed(observation, pod))
            {
                draft.AskForPods();
                continue;
            }

            draft.Do(new Act.ForceDeletePod(pod.Name, pod.Uid));
            draft.Tell(
                warning: true,
                Reasons.PodForced,
                $"Pod {pod.Name} hangs on node {pod.Node}, which has not been ready for {LostSeconds(observation)} s: it is removed by force. What still runs there can't write checkpoints any more.");
        }
    }

    /// <summary>Without the right to read nodes a pod that hangs is left to the people who have it.</summary>
    private static void SayThatNobodyCanTell(Observation observation, Draft draft, ObservedPod pod)
    {
        if (pod.DeletedAt is not { } since || !draft.Elapsed(since, LostSeconds(observation))) return;
        draft.Warn(
            ConditionTypes.Warned,
            status: true,
            Reasons.FeatureOff,
            $"Pod {pod.Name} on node {pod.Node} has been going for more than {LostSeconds(observation)} s. Whether its node is lost can't be told without nodeAccess: look at the node, and remove the pod by force when it is gone.");
    }

    private static int LostSeconds(Observation observation) => observation.Job.Spec?.FailurePolicy.NodeLostSeconds ?? new FailurePolicySpec().NodeLostSeconds;

    private static bool IsConfirmed(Observation observation, ObservedPod pod) =>
        observation.PodsNow?.Any(found => found.Uid == pod.Uid && found.Deleting) == true;

    private static Failure OfMember(Observation observation, AttemptPod member)
    {
        var name = Names.Pod(observation.Job.Name, member.Ordinal);
        var why = observation.Nodes.TryGetValue(member.Node, out var node) && node.Ready != true
            ? $"which has not been ready since {node.ReadySince:HH:mm:ss}"
            : "whose kubelet is silent";
        return Blame.Place(name, member.Ordinal, member.Node, observation.Now, Reasons.NodeLost, $"pod {name} is on node {member.Node}, {why}", at: null);
    }
}
