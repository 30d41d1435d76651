using System.Text;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Simulation.Cluster;
using GrpoOperator.Simulation.Operators;
using GrpoOperator.Simulation.Plots;
using GrpoOperator.Simulation.Promises;
using GrpoOperator.Simulation.Server;
using GrpoOperator.Training;

namespace GrpoOperator.Simulation;

/// <summary>Everything that a history is made of, tied together.</summary>
internal sealed class World
{
    private readonly StringBuilder? timeline;

    public World(Plot plot, int order, WriteFaults? faults, bool noted, IReadOnlyList<(string Name, Policy Apply)>? policies = null)
    {
        Plot = plot;
        Policies = policies ?? Decide.Policies;
        timeline = noted ? new StringBuilder() : null;
        Agenda = new Agenda(Time);
        Server = new ApiServer(Time);
        Chance = new Chance(plot.Seed);
        Order = new Chance(order);
        Cluster = new SimulatedCluster(this);
        Promises = new PromiseKeeper(this);
        Operators = new OperatorProcesses(this, faults ?? WriteFaults.AtRandom(Order));
    }

    public Plot Plot { get; }

    public IReadOnlyList<(string Name, Policy Apply)> Policies { get; }

    public SimulatedTime Time { get; } = new();

    public Agenda Agenda { get; }

    public ApiServer Server { get; }

    /// <summary>Chance of what happens in the cluster.</summary>
    public Chance Chance { get; }

    /// <summary>Chance of what operators see and when, and where they die.</summary>
    public Chance Order { get; }

    public SimulatedCluster Cluster { get; }

    public OperatorProcesses Operators { get; }

    public PromiseKeeper Promises { get; }

    public Timings Timings { get; } = new();

    public ClusterFacts Facts { get; } = new() { NodeAccess = true };

    /// <summary>What happened, a line each; only kept when somebody is going to read it.</summary>
    public string Timeline => timeline?.ToString() ?? string.Empty;

    /// <summary>Every job that is still there.</summary>
    public IEnumerable<JobObject> Jobs => Server.All(Operator.Reconcile.Resources.TrainingJobs).Cast<JobObject>();

    public JobObject? Job(NamespacedName key) => Server.Find(Operator.Reconcile.Resources.TrainingJobs, key) as JobObject;

    public void Note(string what) =>
        timeline?.Append(Time.Now.ToString("dd HH:mm:ss.fff ", System.Globalization.CultureInfo.InvariantCulture)).AppendLine(what);
}
