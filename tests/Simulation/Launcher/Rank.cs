using GrpoOperator.Simulation.Cluster;
using GrpoOperator.Simulation.Server;

namespace GrpoOperator.Simulation.Launcher;

/// <summary>The launcher in one container of a trainer pod: keeps the real one's promises, step by step.</summary>
internal abstract class Rank(World world, SimulatedNode node, LocalPod local)
{
    private const double FenceReadFailure = 120;

    private DateTimeOffset read = world.Time.Now;

    protected World World => world;

    public SimulatedNode Node => node;

    public LocalPod Local => local;

    public PodTemplate Template => local.Template;

    public int Number => local.RankNumber;

    public bool Alive { get; private set; } = true;

    protected DateTimeOffset Now => world.Time.Now;

    protected bool HasFence => world.Plot.Of(local.Pod).CheckpointDir;

    protected CheckpointFolder Folder => world.Cluster.Folder(Template.JobUid);

    /// <summary>A container starts: only a pod's first one, in a StatefulSet that is not sealed, does anything.</summary>
    public static Rank Start(World world, SimulatedNode node, LocalPod local)
    {
        Rank rank;
        if (local.Template.Sealed) rank = new IdleRank(world, node, local, Verdict.Of("Sealed"));
        else if (local.Started) rank = new IdleRank(world, node, local, local.Verdict ?? Verdict.Of("Killed", "an earlier container of this pod ended without a verdict"));
        else rank = local.RankNumber == 0 ? new HeadRank(world, node, local) : new WorkerRank(world, node, local);
        local.Started = true;
        world.Agenda.After(0.1, rank.Begin);
        return rank;
    }

    /// <summary>Ends with a verdict.</summary>
    public void End(Verdict verdict)
    {
        if (Alive) End(new ContainerEnding(verdict.Exit, verdict.Exit == 0 ? "Completed" : "Error", verdict.ToJson(local.Pod.State), StartedAt, Now), verdict);
    }

    /// <summary>Ends as the kubelet sees it, with or without a verdict.</summary>
    public void End(ContainerEnding ending, Verdict? verdict)
    {
        if (!Alive) return;
        World.Note($"{local.Pod.Key.Name} {local.Pod.Uid} (incarnation {Template.Incarnation}) ends: {verdict?.Code ?? ending.Reason} {ending.ExitCode}");
        local.Verdict ??= verdict;
        Die();
        node.Kubelet.Ended(local, ending);
    }

    /// <summary>It is no more, and nobody is told.</summary>
    public void Die()
    {
        if (!Alive) return;
        Alive = false;
        Died();
    }

    /// <summary>SIGTERM; it ends within that time.</summary>
    public virtual void Terminate(double seconds) => World.Agenda.After(seconds * 0.9, () => End(Verdict.Of("Terminated")));

    /// <summary>Whether two ranks can talk.</summary>
    public bool Reaches(Rank other) => ReferenceEquals(node, other.Node) || (node.Network && other.Node.Network);

    protected DateTimeOffset StartedAt => local.Container.RunningSince ?? Now;

    protected virtual void Died()
    {
    }

    /// <summary>What it does again and again; answers when next, or null for never.</summary>
    protected abstract double? Act();

    protected void Ready()
    {
        local.ReadySince = Now;
        node.Kubelet.Report(local);
    }

    protected void Unready()
    {
        if (local.ReadySince is null) return;
        local.ReadySince = null;
        node.Kubelet.Report(local);
    }

    private void Begin()
    {
        if (!Alive) return;
        if (this is not IdleRank && HasFence && !Fence()) return;
        if (Act() is { } next && Alive) World.Agenda.After(next, Begin);
    }

    /// <summary>Looks at the marks; false when it had to die.</summary>
    private bool Fence()
    {
        if (node.Storage)
        {
            read = Now;
            if (Folder.Newest > Template.Incarnation) End(Verdict.Of("StaleIncarnation"));
        }
        else if (Now - read > TimeSpan.FromSeconds(FenceReadFailure))
        {
            End(Verdict.Of("FenceLost"));
        }

        return Alive;
    }
}

/// <summary>A container that only waits for SIGTERM.</summary>
internal sealed class IdleRank(World world, SimulatedNode node, LocalPod local, Verdict verdict) : Rank(world, node, local)
{
    public override void Terminate(double seconds) => World.Agenda.After(Math.Min(1, seconds), () => End(verdict));

    protected override double? Act() => null;
}
