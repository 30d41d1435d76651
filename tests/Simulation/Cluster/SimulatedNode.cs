using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Simulation.Server;

namespace GrpoOperator.Simulation.Cluster;

/// <summary>A node: whether its kubelet reaches the API server, whether it reaches the storage and other nodes, and when others take notice.</summary>
internal sealed class SimulatedNode
{
    private const double NoticedAfter = 40;
    private const double Toleration = 300;

    private readonly World world;
    private int outage;

    public SimulatedNode(World world, string name)
    {
        this.world = world;
        Name = name;
        Kubelet = new Kubelet(world, this);
        Object = new NodeObject { Resource = ApiResources.Nodes, Key = new NamespacedName(string.Empty, name), Uid = world.Server.NextUid(), Npus = 16, ReadySince = world.Time.Now };
    }

    public string Name { get; }

    public NodeObject Object { get; }

    public Kubelet Kubelet { get; }

    /// <summary>The node object exists.</summary>
    public bool IsThere { get; private set; } = true;

    /// <summary>The machine runs.</summary>
    public bool Powered { get; private set; } = true;

    /// <summary>The kubelet reaches the API server.</summary>
    public bool Online { get; private set; } = true;

    /// <summary>Containers reach other nodes.</summary>
    public bool Network { get; private set; } = true;

    /// <summary>Containers reach the storage.</summary>
    public bool Storage { get; private set; } = true;

    /// <summary>When the kubelet last renewed its lease.</summary>
    public DateTimeOffset LastHeard => Online ? world.Time.Now : silentSince;

    private DateTimeOffset silentSince;

    /// <summary>The kubelet falls silent, and maybe more; everything comes back after some seconds.</summary>
    public void Partition(double seconds, bool network, bool storage)
    {
        world.Note($"{Name} is cut off for {seconds:0} s (network {network}, storage {storage})");
        GoSilent();
        Network = network;
        Storage = storage;
        world.Agenda.After(seconds, Return);
    }

    /// <summary>The machine stops; null: for ever, and its node object is taken away after a while.</summary>
    public void Crash(double? seconds)
    {
        world.Note($"{Name} crashes {(seconds is { } s ? $"for {s:0} s" : "for ever")}");
        GoSilent();
        Powered = Network = Storage = false;
        Kubelet.LoseContainers();
        if (seconds is { } back) world.Agenda.After(back, Return);
        else world.Agenda.After(world.Chance.Seconds(60, 3000), Leave);
    }

    private void GoSilent()
    {
        Online = false;
        silentSince = world.Time.Now;
        var number = ++outage;
        world.Agenda.After(NoticedAfter, () =>
        {
            if (number == outage && IsThere) SetReady("Unknown");
        });
        world.Agenda.After(NoticedAfter + Toleration, () =>
        {
            if (number == outage && IsThere) EvictAll();
        });
    }

    private void Return()
    {
        outage++;
        world.Note($"{Name} is back");
        Powered = Online = Network = Storage = true;
        if (Object.Ready != "True") world.Agenda.After(world.Chance.Seconds(0.1, 5), () => SetReady("True"));
        Kubelet.SyncAll();
    }

    private void Leave()
    {
        world.Note($"{Name} is removed");
        IsThere = false;
        world.Server.Remove(Object);
        // The pod garbage collector, which finds pods of nodes that are gone.
        world.Agenda.After(world.Chance.Seconds(20, 60), () =>
        {
            foreach (var pod in world.Server.Pods.Where(pod => pod.State.Node == Name).ToArray()) world.Server.Remove(pod);
        });
    }

    private void SetReady(string status)
    {
        if (!IsThere || Object.Ready == status || (status == "True") != Online) return;
        Object.Ready = status;
        Object.ReadySince = world.Time.Now;
        world.Note($"{Name} is Ready={status}");
        world.Server.Touch(Object);
    }

    /// <summary>What the taint manager does to pods that don't tolerate the silence any longer.</summary>
    private void EvictAll()
    {
        foreach (var pod in world.Server.Pods.Where(pod => pod.State.Node == Name && pod.State.DeletedAt is null && !pod.State.IsOver).ToArray())
        {
            world.Note($"{pod.Key.Name} is evicted from {Name}");
            world.Server.Change(pod, state => state with { Disruption = "DeletionByTaintManager", DeletedAt = world.Time.Now });
        }
    }
}
