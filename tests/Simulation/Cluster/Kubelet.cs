using GrpoOperator.Simulation.Launcher;
using GrpoOperator.Simulation.Plots;
using GrpoOperator.Simulation.Server;

namespace GrpoOperator.Simulation.Cluster;

/// <summary>Starts containers, starts ended ones of StatefulSets again, stops those of deleted pods, and reports.</summary>
internal sealed class Kubelet
{
    private readonly World world;
    private readonly SimulatedNode node;
    private readonly Dictionary<string, LocalPod> pods = [];

    public Kubelet(World world, SimulatedNode node)
    {
        this.world = world;
        this.node = node;
        world.Server.Subscribe((changed, gone) =>
        {
            if (changed is PodObject pod && pod.State.Node == node.Name && (gone || pod.State.DeletedAt is not null || !pods.ContainsKey(pod.Uid)))
                world.Agenda.After(world.Chance.Seconds(0.02, 1), () => Sync(pod));
        });
    }

    public IEnumerable<Rank> Ranks => pods.Values.Select(local => local.Rank).OfType<Rank>();

    /// <summary>The kubelet reaches the API server again: everything is looked at.</summary>
    public void SyncAll()
    {
        foreach (var local in pods.Values.ToArray())
        {
            if (!local.Runs && local.Container.RunningSince is not null) Ended(local, new ContainerEnding(255, "Unknown", string.Empty, world.Time.Now, world.Time.Now));
            else if (!local.Runs && local.Container.Ended is not null && local.Template.IsTrainer) world.Agenda.After(1, () => StartAgain(local));
            else if (!local.Started) world.Agenda.After(1, () => Start(local));
            Report(local);
            Sync(local.Pod);
        }

        foreach (var pod in world.Server.Pods.Where(pod => pod.State.Node == node.Name).ToArray()) Sync(pod);
    }

    /// <summary>The machine lost its power.</summary>
    public void LoseContainers()
    {
        foreach (var local in pods.Values)
        {
            local.Rank?.Die();
            local.Rank = null;
            local.Working = false;
            local.ReadySince = null;
        }
    }

    /// <summary>A container ended, by itself or not.</summary>
    public void Ended(LocalPod local, ContainerEnding ending)
    {
        local.Rank = null;
        local.Working = false;
        local.ReadySince = null;
        local.Container = local.Container with { RunningSince = null, Waiting = null, Ended = ending };
        if (!local.Template.IsTrainer) local.Phase = ending.ExitCode == 0 ? "Succeeded" : "Failed";
        Report(local);
        if (local.Template.IsTrainer) world.Agenda.After(world.Chance.Seconds(0.05, 12), () => StartAgain(local));
    }

    /// <summary>Tells the API server what the pod is like now, a moment later.</summary>
    public void Report(LocalPod local)
    {
        if (local.Reporting || !node.Online) return;
        local.Reporting = true;
        world.Agenda.After(world.Chance.Seconds(0.02, 1.5), () =>
        {
            local.Reporting = false;
            if (node.Online) world.Server.Change(local.Pod, state => state.IsOver ? state : state with { Container = local.Container, ReadySince = local.ReadySince, Phase = local.Phase, Reason = local.Reason, Message = local.Message });
        });
    }

    /// <summary>The kubelet itself throws a pod out.</summary>
    public void Evict(LocalPod local, string reason, string message)
    {
        local.Rank?.Die();
        local.Rank = null;
        local.Working = false;
        (local.Phase, local.Reason, local.Message) = ("Failed", reason, message);
        Report(local);
    }

    /// <summary>The local pod of that uid, or null.</summary>
    public LocalPod? Find(string uid) => pods.GetValueOrDefault(uid);

    private void Sync(PodObject pod)
    {
        if (!node.Online) return;
        var local = pods.GetValueOrDefault(pod.Uid);
        var isThere = ReferenceEquals(world.Server.Find(pod.Resource, pod.Key), pod);
        if (!isThere || pod.State.DeletedAt is not null) Stop(pod, local, isThere);
        else if (local is null && !pod.State.IsOver) Admit(pod);
    }

    private void Admit(PodObject pod)
    {
        var local = new LocalPod(pod);
        pods[pod.Uid] = local;
        var fault = pod.State.Template.IsTrainer ? world.Plot.Of(pod).AtStart(pod) : null;
        if (fault?.Kind == FaultKind.Refused)
        {
            world.Note($"{pod.Key.Name} is refused by {node.Name}");
            (local.Phase, local.Reason, local.Message) = ("Failed", "UnexpectedAdmissionError", "Allocate failed due to no NPU left");
            Report(local);
        }
        else if (fault?.Kind == FaultKind.ImageMissing)
        {
            local.Container = new ContainerState(Waiting: "ImagePullBackOff");
            Report(local);
        }
        else
        {
            world.Agenda.After(world.Chance.Seconds(0.2, 30), () => Start(local));
        }
    }

    private void Start(LocalPod local)
    {
        if (!pods.ContainsKey(local.Pod.Uid) || local.Stopping || local.Phase == "Failed" || local.Started || local.Runs || local.Container.Waiting is not null || !node.Powered) return;
        Run(local);
    }

    private void StartAgain(LocalPod local)
    {
        if (!pods.ContainsKey(local.Pod.Uid) || local.Stopping || local.Phase == "Failed" || local.Runs || local.Container.Ended is null || !node.Powered) return;
        local.Container = local.Container with { Before = local.Container.Ended, Ended = null, Restarts = local.Container.Restarts + 1 };
        Run(local);
    }

    private void Run(LocalPod local)
    {
        local.Phase = "Running";
        local.Container = local.Container with { RunningSince = world.Time.Now, Waiting = null };
        if (local.Template.IsTrainer) local.Rank = Rank.Start(world, node, local);
        else StartWork(local);
        Report(local);
    }

    private void StartWork(LocalPod local)
    {
        local.Working = local.Started = true;
        var (exitCode, message) = BatchResults.Of(world, local.Template);
        world.Agenda.After(world.Chance.Seconds(0.5, 60), () =>
        {
            if (local.Working) Ended(local, new ContainerEnding(exitCode, exitCode == 0 ? "Completed" : "Error", message, local.Container.RunningSince ?? world.Time.Now, world.Time.Now));
        });
    }

    /// <summary>SIGTERM, then the end, then the pod object goes; an object that is gone takes its containers along.</summary>
    private void Stop(PodObject pod, LocalPod? local, bool isThere)
    {
        if (local is null || !local.Runs)
        {
            pods.Remove(pod.Uid);
            if (local is { Reporting: true }) world.Agenda.After(2, () => Gone(pod));
            else Gone(pod);
            return;
        }

        if (local.Stopping) return;
        local.Stopping = true;
        var patience = world.Chance.OneIn(6) ? 60 : world.Chance.Seconds(0.1, 20);
        if (local.Rank is { } rank && patience < 60) rank.Terminate(patience);
        world.Agenda.After(isThere ? patience : 0.5, () =>
        {
            if (!node.Online) local.Stopping = false;
            else if (local.Rank is { } stubborn) stubborn.End(new ContainerEnding(137, "Error", string.Empty, world.Time.Now, world.Time.Now), verdict: null);
            else if (local.Working) Ended(local, new ContainerEnding(143, "Error", string.Empty, world.Time.Now, world.Time.Now));
            world.Agenda.After(world.Chance.Seconds(0.05, 3), () => Sync(pod));
        });
    }

    private void Gone(PodObject pod)
    {
        if (node.Online && pod.State.DeletedAt is not null) world.Server.Remove(pod);
    }
}
