using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;
using GrpoOperator.Operator.Reconcile;
using GrpoOperator.Simulation;
using GrpoOperator.Simulation.Operators;
using GrpoOperator.Simulation.Plots;
using GrpoOperator.Simulation.Server;

namespace GrpoOperator.Operator.IntegrationTests.Calibration;

/// <summary>The simulation's API server and controllers, without nodes and without an operator.</summary>
internal sealed class SimulatedSide : Side
{
    private const string Somewhere = "team-a";

    private readonly World world;

    private SimulatedSide(World world, IKubeApi api)
        : base(api, Somewhere) => this.world = world;

    /// <summary>A new one.</summary>
    /// <param name="seed">Of the controllers' pace.</param>
    /// <param name="replacesBatchPods">Whether the real Job controller is an old one, see <see cref="Plot.ReplacesBatchPods"/>.</param>
    public static SimulatedSide Of(int seed, bool replacesBatchPods)
    {
        var made = new World(new Plot { Seed = seed, Nodes = 0, Jobs = [], Name = "calibration", ReplacesBatchPods = replacesBatchPods }, seed, WriteFaults.None(), noted: false);
        return new SimulatedSide(made, new LeaderApi(made, new Leader(made, 1)));
    }

    /// <summary>Lets the controllers do what there is to do.</summary>
    public async Task SettleAsync()
    {
        while (await world.Agenda.NextAsync())
        {
            // Without nodes and operators there is an end to it.
        }
    }

    protected override Task<IReadOnlyList<JsonObject>> AllAsync(ApiResource kind) =>
        Task.FromResult<IReadOnlyList<JsonObject>>([.. world.Server.All(kind).Select(found => Kube.Parse(found.Snapshot.Json))]);

    protected override Task MakeJobAsync(JsonObject job)
    {
        world.Server.Add(new JobObject
        {
            Resource = Resources.TrainingJobs,
            Key = new NamespacedName(Somewhere, JobName),
            Uid = world.Server.NextUid(),
            CreatedAt = world.Time.Now,
            Spec = (JsonObject)job["spec"]!.DeepClone(),
        });
        return Task.CompletedTask;
    }

    protected override Task ChangeSpecAsync(int to)
    {
        var job = world.Job(new NamespacedName(Somewhere, JobName)) ?? throw new KubeApiException(404, "NotFound", JobName);
        job.ChangeSpec(spec => spec["ttlSecondsAfterFinished"] = to);
        world.Server.Touch(job);
        return Task.CompletedTask;
    }

    protected override Task BindAsync(JsonObject pod) => Change(pod, state => state with { Node = "by-hand" });

    protected override Task EvictAsync(JsonObject pod) => Change(pod, state => state with { Phase = "Failed" });

    protected override Task EndAsync(JsonObject pod, bool well) => Change(pod, state => state with { Node = "by-hand", Phase = well ? "Succeeded" : "Failed" });

    protected override bool IsSealed(JsonObject pod) => Pod(pod).State.Template.Sealed;

    private Task Change(JsonObject pod, Func<PodState, PodState> change)
    {
        world.Server.Change(Pod(pod), change);
        return Task.CompletedTask;
    }

    private PodObject Pod(JsonObject pod) => world.Server.Pod(Kube.Text(pod, "metadata", "uid")!)!;
}
