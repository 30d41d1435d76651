using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Simulation.Operators;
using GrpoOperator.Simulation.Plots;
using GrpoOperator.Training;

namespace GrpoOperator.Simulation;

/// <summary>
/// One history: the jobs of a plot from creation to their ends. The plot's seed says what happens; the order's seed says
/// which cache shows it when, and where operators die.
/// </summary>
internal sealed class History
{
    private const int MostEvents = 30_000;

    private readonly World world;

    public History(Plot plot, int order, WriteFaults? faults = null, bool noted = false, IReadOnlyList<(string Name, Policy Apply)>? policies = null)
    {
        world = new World(plot, order, faults, noted, policies);
        world.Note($"plot {plot.Name}");
    }

    public World World => world;

    /// <summary>Statuses of the jobs that are left.</summary>
    public string Statuses => string.Join('\n', world.Jobs.Select(job => $"{job.Key.Name}: {job.Status.ToJsonString()}"));

    /// <summary>Runs to the end; answers what is wrong, or null.</summary>
    public async Task<string?> RunAsync()
    {
        world.Cluster.Start();
        foreach (var plot in world.Plot.Jobs)
        {
            var job = JobDocument.Of(plot, world.Server);
            plot.Uid = job.Uid;
            world.Server.Add(job);
            UserActions.Schedule(world, plot);
        }

        world.Operators.Start();
        for (var events = 0; events < MostEvents; events++)
        {
            if (world.Promises.Broken is { } broken) return broken;
            if (!await world.Agenda.NextAsync()) return world.Promises.AtTheEnd();
        }

        return $"promise 8: it does not end: {string.Join(", ", world.Jobs.Select(job => $"{job.Key.Name} is {job.Status["phase"]} {job.Status["reason"]}"))}";
    }

    /// <summary>The job of that name as it is now, or null.</summary>
    public JsonObject? StatusOf(string name) => world.Job(new NamespacedName(JobDocument.Namespace, name))?.Status;
}
