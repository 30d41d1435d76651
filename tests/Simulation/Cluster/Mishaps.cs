using GrpoOperator.Simulation.Launcher;
using GrpoOperator.Simulation.Plots;

namespace GrpoOperator.Simulation.Cluster;

/// <summary>What happens to a pod from outside its container.</summary>
internal static class Mishaps
{
    public static void Strike(World world, Rank victim, Fault fault)
    {
        var pod = victim.Local.Pod;
        switch (fault.Kind)
        {
            case FaultKind.PodDeleted:
                world.Server.Delete(pod.Resource, pod.Key, pod.Uid);
                break;
            case FaultKind.PodForced:
                world.Server.Delete(pod.Resource, pod.Key, pod.Uid, force: true);
                break;
            case FaultKind.Drained or FaultKind.Preempted:
                world.Server.Change(pod, state => state with
                {
                    Disruption = fault.Kind == FaultKind.Drained ? "EvictionByEvictionAPI" : "PreemptionByScheduler",
                    DeletedAt = world.Time.Now,
                });
                break;
            case FaultKind.Evicted:
                victim.Node.Kubelet.Evict(victim.Local, "Evicted", "The node was low on resource: memory.");
                break;
            case FaultKind.EvictedForLimits:
                victim.Node.Kubelet.Evict(victim.Local, "Evicted", "Pod ephemeral local storage usage exceeds the total limit of containers 1Gi.");
                break;
            case FaultKind.Partition:
                victim.Node.Partition(fault.Seconds, network: fault.Code != "network", storage: fault.Code is null);
                break;
            case FaultKind.NodeCrash:
                victim.Node.Crash(fault.Seconds > 0 ? fault.Seconds : null);
                break;
            default:
                throw new InvalidOperationException($"{fault.Kind} is no mishap");
        }
    }
}
