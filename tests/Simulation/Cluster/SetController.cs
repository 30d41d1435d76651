using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Simulation.Server;

namespace GrpoOperator.Simulation.Cluster;

/// <summary>Keeps a StatefulSet's pods: makes those that are missing, replaces those that are over.</summary>
internal sealed class SetController
{
    private readonly World world;
    private readonly HashSet<NamespacedName> queued = [];

    public SetController(World world)
    {
        this.world = world;
        world.Server.Subscribe((changed, _) =>
        {
            if (changed.Resource == ApiResources.StatefulSets) Enqueue(changed.Key);
            else if (changed is PodObject { State.Template.IsTrainer: true } pod) Enqueue(pod.Key with { Name = pod.State.Template.OwnerName });
        });
    }

    private void Enqueue(NamespacedName set)
    {
        if (queued.Add(set)) world.Agenda.After(world.Chance.Seconds(0.005, 0.5), () => Sync(set));
    }

    private void Sync(NamespacedName key)
    {
        queued.Remove(key);
        if (world.Server.Find(ApiResources.StatefulSets, key) is not JsonObjectEntry set) return;
        for (var ordinal = 0; ordinal < (int)set.Body["spec"]!["replicas"]!; ordinal++)
        {
            var pod = new NamespacedName(key.Namespace, $"{key.Name}-{ordinal}");
            switch (world.Server.Find(ApiResources.Pods, pod))
            {
                case null:
                    world.Server.Add(Children.Pod(world.Server, set, pod.Name, ordinal));
                    break;
                case PodObject { State.IsOver: true } over when over.OwnerUid == set.Uid:
                    world.Server.Delete(over.Resource, over.Key, over.Uid);
                    break;
                case PodObject other when other.OwnerUid != set.Uid:
                    // The name is taken: the controller gives up here, makes none of the later ones, and comes back when it is free.
                    return;
                default:
                    break;
            }
        }
    }
}
