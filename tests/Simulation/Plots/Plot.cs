using GrpoOperator.Simulation.Launcher;
using GrpoOperator.Simulation.Server;

namespace GrpoOperator.Simulation.Plots;

/// <summary>What happens in a history, apart from who sees it when.</summary>
internal sealed class Plot
{
    public required int Seed { get; init; }

    public required int Nodes { get; init; }

    public required IReadOnlyList<JobPlot> Jobs { get; init; }

    /// <summary>Whether the Job controller is an old one, which makes another pod in place of a deleted one.</summary>
    public bool ReplacesBatchPods { get; init; }

    /// <summary>A name for humans.</summary>
    public required string Name { get; init; }

    public JobPlot Of(PodObject pod) => OfJob(pod.State.Template.JobUid);

    public JobPlot OfJob(string uid) => Jobs.First(job => job.Uid == uid);
}

/// <summary>What happens to one job.</summary>
internal sealed class JobPlot
{
    private int struck;
    private string? struckIn;

    public required string Name { get; init; }

    /// <summary>Uid, once the job is there.</summary>
    public string? Uid { get; set; }

    public IReadOnlyList<Fault> Faults { get; init; } = [];

    public IReadOnlyList<UserAction> Actions { get; init; } = [];

    public bool CheckpointDir { get; init; } = true;

    public bool ConvertedAlready { get; init; } = true;

    /// <summary>How often the Jobs' containers break before they work.</summary>
    public int BatchFailures { get; set; }

    public int Workers { get; init; } = 1;

    /// <summary>Enough that no fault comes after the end: each may cost two steps.</summary>
    public int TotalSteps => (2 * Faults.Count) + 4 + MoreSteps;

    public int MoreSteps { get; init; }

    public int SaveFrequency { get; init; } = 2;

    public double FirstStepSeconds { get; init; } = 40;

    public double StepSeconds { get; init; } = 25;

    public int MaxRestarts { get; init; } = 3;

    public int MinStepsToReset { get; init; }

    public string CleanPodPolicy { get; init; } = "All";

    public int HoldSeconds { get; init; }

    public int? TtlSeconds { get; init; }

    public int? ActiveDeadline { get; init; }

    public int? PendingDeadline { get; init; }

    public string? LaunchMode { get; init; }

    /// <summary>Counts and classes depend on chance: no single outcome is the right one.</summary>
    public bool ByChance { get; init; }

    /// <summary>Faults that have struck.</summary>
    public IReadOnlyList<Fault> Struck => [.. Faults.Take(struck)];

    /// <summary>Whether all that was to go wrong has.</summary>
    public bool IsSpent => struck == Faults.Count;

    /// <summary>The fault that strikes a pod before the launch, or null.</summary>
    public Fault? AtStart(PodObject pod) => Next is { IsAtStart: true } fault && fault.Rank == pod.State.Rank ? Strike(fault, pod.State.Template.OwnerUid) ?? StrikingNow(pod) : StrikingNow(pod);

    /// <summary>The fault that strikes a trainer now, or null. It waits until its steps stand in status: what nobody read can't count.</summary>
    public Fault? AtStep(TrainerRun run, int seenStep)
    {
        var set = run.Head.Template.OwnerUid;
        return Next is { IsAtStart: false } fault && set != struckIn && run.Step - run.From >= fault.Step && (fault.Step == 0 || seenStep >= run.Step) ? Strike(fault, set) : null;
    }

    private Fault? Next => struck < Faults.Count ? Faults[struck] : null;

    private Fault? StrikingNow(PodObject pod) =>
        struck > 0 && struckIn == pod.State.Template.OwnerUid && Faults[struck - 1] is { IsAtStart: true } fault && fault.Rank == pod.State.Rank ? fault : null;

    private Fault? Strike(Fault fault, string set)
    {
        if (set == struckIn) return null;
        struck++;
        struckIn = set;
        return fault;
    }
}

/// <summary>What a user does to a job.</summary>
internal enum UserActionKind
{
    Suspend,
    Resume,
    Restart,
    Delete,
    ChangeSpec,
    RestoreSpec,
    DeleteBatchPod,
}

/// <summary>A user's act, some seconds after the job was made.</summary>
internal sealed record UserAction(UserActionKind Kind, double After);
