using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Reconcile;
using GrpoOperator.Simulation.Server;

namespace GrpoOperator.Simulation.Cluster;

/// <summary>Removes what has lost its owner, also what is made after its owner went.</summary>
internal sealed class GarbageCollector
{
    private readonly World world;
    private readonly HashSet<string> owners = [];

    public GarbageCollector(World world)
    {
        this.world = world;
        world.Server.Subscribe((changed, gone) =>
        {
            if (gone)
            {
                if (owners.Remove(changed.Uid)) world.Agenda.After(world.Chance.Seconds(0.01, 3), () => Collect(changed.Uid));
                return;
            }

            if (changed is not PodObject) owners.Add(changed.Uid);
            if (changed.OwnerUid is { } owner && !owners.Contains(owner)) world.Agenda.After(world.Chance.Seconds(0.5, 10), () => Collect(owner));
        });
    }

    private void Collect(string owner)
    {
        ApiResource[] kinds = [ApiResources.Pods, ApiResources.StatefulSets, ApiResources.Jobs, ApiResources.Services, ApiResources.ConfigMaps, ApiResources.NetworkPolicies, Resources.TrainingJobs];
        foreach (var orphan in kinds.SelectMany(world.Server.All).Where(found => found.OwnerUid == owner).ToArray())
        {
            if (orphan is PodObject { State.DeletedAt: not null }) continue;
            world.Server.Delete(orphan.Resource, orphan.Key, orphan.Uid);
        }
    }
}
