using System.Text;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Simulation.Launcher;

namespace GrpoOperator.Simulation.Cluster;

/// <summary>The rest of Kubernetes: controllers, scheduler, nodes with their kubelets, and the storage that all nodes mount.</summary>
internal sealed class SimulatedCluster
{
    private readonly World world;

    public SimulatedCluster(World world)
    {
        this.world = world;
        _ = new SetController(world);
        _ = new BatchController(world);
        _ = new GarbageCollector(world);
        Scheduler = new Scheduler(world);
        for (var i = 0; i < world.Plot.Nodes; i++) Nodes.Add(new SimulatedNode(world, "node-" + (char)('a' + i)));
    }

    public Scheduler Scheduler { get; }

    public List<SimulatedNode> Nodes { get; } = [];

    /// <summary>Every trainer that was ever started.</summary>
    public List<TrainerRun> Runs { get; } = [];

    /// <summary>The checkpoint directory of each job.</summary>
    public Dictionary<string, CheckpointFolder> Folders { get; } = [];

    /// <summary>Ranks that live anywhere.</summary>
    public IEnumerable<Rank> Ranks => Nodes.SelectMany(node => node.Kubelet.Ranks);

    public SimulatedNode? Node(string? name) => Nodes.Find(node => node.Name == name);

    public CheckpointFolder Folder(string jobUid)
    {
        if (!Folders.TryGetValue(jobUid, out var folder)) Folders[jobUid] = folder = new CheckpointFolder();
        return folder;
    }

    /// <summary>Starts the nodes.</summary>
    public void Start()
    {
        foreach (var node in Nodes) world.Server.Add(node.Object);
    }

    /// <summary>A node's lease, or null when something else is asked for.</summary>
    public byte[]? LeaseOf(ApiResource resource, NamespacedName key) =>
        resource.Plural != "leases" || Node(key.Name) is not { } node ? null
        : Encoding.UTF8.GetBytes($$$"""{"metadata":{"name":"{{{node.Name}}}"},"spec":{"renewTime":"{{{node.LastHeard.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffffZ}}}"}}""");
}
