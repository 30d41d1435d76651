using GrpoOperator.Simulation.Cluster;
using GrpoOperator.Simulation.Plots;
using GrpoOperator.Simulation.Server;

namespace GrpoOperator.Simulation.Launcher;

/// <summary>Rank 0: takes the fence, gathers its workers, trains, and tells how it ended.</summary>
internal sealed class HeadRank(World world, SimulatedNode node, LocalPod local) : Rank(world, node, local)
{
    private const double Join = 1800;
    private const double FenceWait = 120;

    private readonly List<WorkerRank> workers = [];
    private readonly DateTimeOffset started = world.Time.Now;
    private DateTimeOffset? fenced;
    private DateTimeOffset nextStep;
    private bool hangs;
    private bool losing;

    /// <summary>It admits workers.</summary>
    public bool IsGathering { get; private set; }

    /// <summary>The trainer, once it was started.</summary>
    public TrainerRun? Run { get; private set; }

    public void Admit(WorkerRank worker) => workers.Add(worker);

    protected override double? Act()
    {
        if (Run is not null)
        {
            Train(Run);
            return hangs ? 10 : 5;
        }

        if (!HasFence || TakeFence()) Gather();
        return 2;
    }

    protected override void Died()
    {
        if (Run is { End: null } run) run.End = "died";
    }

    private bool TakeFence()
    {
        if (fenced is { } since && Now >= since) return true;
        if (fenced is not null || !Node.Storage) return false;
        if (Folder.Succeeded)
        {
            End(Verdict.Of("AlreadySucceeded"));
            return false;
        }

        var earlier = Folder.Marks.Keys.Any(mark => mark < Template.Incarnation);
        Folder.Marks[Template.Incarnation] = Local.Pod.Uid;
        World.Note($"{Local.Pod.Key.Name} makes mark {Template.Incarnation}{(earlier && Template.FenceWait ? " and waits" : "")}");
        fenced = Now.AddSeconds(earlier && Template.FenceWait ? FenceWait : 0);
        return false;
    }

    private void Gather()
    {
        IsGathering = true;
        var plot = World.Plot.Of(Local.Pod);
        if (plot.AtStart(Local.Pod) is { } fault)
        {
            if (fault.Kind == FaultKind.Code) End(Verdict.Of(fault.Code!, fault.Code!));
            return;
        }

        if (workers.Count(worker => worker.Alive) == plot.Workers) Launch(plot);
        else if (Now - started > TimeSpan.FromSeconds(Join)) End(Verdict.Of("JoinTimeout"));
    }

    private void Launch(JobPlot plot)
    {
        IsGathering = false;
        var from = HasFence ? Folder.SavedStep : 0;
        Run = new TrainerRun { JobUid = Template.JobUid, Incarnation = Template.Incarnation, Head = this, From = from, Step = from, StartedAt = Now };
        World.Promises.Launching(Run);
        World.Cluster.Runs.Add(Run);
        World.Note($"incarnation {Template.Incarnation} trains from step {from}");
        nextStep = Now.AddSeconds(plot.FirstStepSeconds);
        Ready();
    }

    private void Train(TrainerRun run)
    {
        var plot = World.Plot.Of(Local.Pod);
        if (workers.Exists(worker => !worker.Alive || !Reaches(worker))) LosePeer(run);
        if (hangs || losing || Now < nextStep) return;
        if (plot.AtStep(run, SeenStep) is { } fault)
        {
            nextStep = Now.AddSeconds(plot.StepSeconds);
            Suffer(run, fault);
            return;
        }

        if (run.Step >= plot.TotalSteps)
        {
            Succeed(run);
            return;
        }

        run.Step++;
        nextStep = Now.AddSeconds(plot.StepSeconds);
        if (HasFence && Node.Storage && run.Step % plot.SaveFrequency == 0) run.Saved = Folder.SavedStep = run.Step;
    }

    /// <summary>The newest step that stands in the job's status.</summary>
    private int SeenStep => (int?)World.Jobs.FirstOrDefault(job => job.Uid == Template.JobUid)?.Status["progress"]?["step"] ?? 0;

    /// <summary>The trainer dies of its lost actors, a while later.</summary>
    private void LosePeer(TrainerRun run)
    {
        if (losing) return;
        losing = true;
        World.Agenda.After(World.Chance.Seconds(2, 70), () => End(Ending(run, "TrainerFailed", 1, "ActorDiedError: the actor died", "ActorDied")));
    }

    private void Succeed(TrainerRun run)
    {
        if (HasFence && Node.Storage) Folder.Succeeded = true;
        run.End = "Succeeded";
        World.Promises.Succeeded(run);
        End(Ending(run, "Succeeded", 0, "the trainer ended with 0", signature: null));
    }

    private void Suffer(TrainerRun run, Fault fault)
    {
        World.Note($"fault: {fault}");
        var victim = fault.Rank == 0 ? this : (Rank?)workers.Find(worker => worker.Number == fault.Rank) ?? this;
        switch (fault.Kind)
        {
            case FaultKind.Exit when victim == this:
                End(Ending(run, "TrainerFailed", fault.ExitCode, fault.Message, fault.Code));
                break;
            case FaultKind.Code:
                victim.End(Verdict.Of(fault.Code!, fault.Message));
                break;
            case FaultKind.Exit:
                victim.End(new ContainerEnding(fault.ExitCode, "Error", fault.Message, StartedAt, Now), verdict: null);
                break;
            case FaultKind.Kill:
                victim.End(new ContainerEnding(137, "Error", fault.Message, StartedAt, Now), verdict: null);
                break;
            case FaultKind.OutOfMemory:
                victim.End(new ContainerEnding(137, "OOMKilled", fault.Message, StartedAt, Now), verdict: null);
                break;
            case FaultKind.Hang:
                hangs = true;
                break;
            default:
                Mishaps.Strike(World, victim, fault);
                break;
        }
    }

    private static Verdict Ending(TrainerRun run, string code, int exit, string message, string? signature) =>
        new(code, exit, exit == 0 ? message : $"the trainer ended with {exit}", run.Step == run.From ? null : run.Step, run.StartedAt, signature, message)
        {
            Resumed = run.From > 0 ? run.From : null,
            Saved = run.Saved,
        };
}
