
namespace GrpoOperator.Simulation.Operators;

/// <summary>The operator's processes, one after the other: at most one leads; a dead one's last write may still arrive.</summary>
internal sealed class OperatorProcesses
{
    private readonly World world;
    private int number;

    public OperatorProcesses(World world, WriteFaults faults)
    {
        this.world = world;
        Faults = faults;
        world.Server.Subscribe((changed, _) => Leader?.Hear(changed.Resource));
    }

    public WriteFaults Faults { get; }

    /// <summary>The one that leads; null while there is none.</summary>
    public Leader? Leader { get; private set; }

    /// <summary>A process starts and leads.</summary>
    public void Start()
    {
        Leader?.End();
        Leader = new Leader(world, ++number);
        world.Note($"operator {number} leads");
        foreach (var job in world.Server.All(Operator.Reconcile.Resources.TrainingJobs)) Leader.Enqueue(job.Key);
    }

    /// <summary>The leader is dead, or paused past its lease.</summary>
    public void Crashed(Leader dead)
    {
        if (!ReferenceEquals(dead, Leader)) return;
        world.Note($"operator {dead.Number} dies");
        dead.End();
        Leader = null;
        world.Agenda.After(world.Order.Seconds(0.5, 30), Start);
    }

    /// <summary>How late a cache is: mostly milliseconds, now and then many seconds.</summary>
    public double NextLag() => world.Order.Below(10) switch
    {
        0 => world.Order.Seconds(5, 40),
        < 3 => world.Order.Seconds(0.5, 5),
        _ => world.Order.Seconds(0.001, 0.3),
    };
}
