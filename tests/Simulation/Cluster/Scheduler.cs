using GrpoOperator.Simulation.Server;

namespace GrpoOperator.Simulation.Cluster;

/// <summary>Gives pods nodes, one by one, wherever NPUs are free: it knows of no gangs.</summary>
internal sealed class Scheduler
{
    private readonly World world;
    private bool queued;

    public Scheduler(World world)
    {
        this.world = world;
        world.Server.Subscribe((changed, gone) =>
        {
            if (changed is NodeObject || (changed is PodObject pod && (gone || pod.State.Node is null || pod.State.IsOver))) Enqueue();
        });
    }

    /// <summary>Looks for nodes soon.</summary>
    public void Enqueue()
    {
        if (queued) return;
        queued = true;
        world.Agenda.After(world.Chance.Seconds(0.01, 1), Schedule);
    }

    private void Schedule()
    {
        queued = false;
        var waiting = world.Server.Pods.Where(pod => pod.State is { Node: null, IsOver: false }).ToList();
        while (waiting.Count > 0)
        {
            var pod = waiting[world.Chance.Below(waiting.Count)];
            waiting.Remove(pod);
            var fit = world.Cluster.Nodes.Where(node => Fits(node, pod.State.Template)).ToArray();
            if (fit.Length == 0)
                world.Server.Change(pod, state => state with { Unschedulable = $"0/{world.Cluster.Nodes.Count} nodes are available: insufficient huawei.com/Ascend910." });
            else
                world.Server.Change(pod, state => state with { Node = fit[world.Chance.Below(fit.Length)].Name });
        }
    }

    private bool Fits(SimulatedNode node, PodTemplate template) =>
        node is { IsThere: true, Object.Ready: "True" } && !template.Avoids.Contains(node.Name) && template.Npus <= node.Object.Npus - Used(node);

    private int Used(SimulatedNode node) => world.Server.Pods.Where(pod => pod.State.Node == node.Name && !pod.State.IsOver).Sum(pod => pod.State.Template.Npus);
}
