using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Reconcile;
using GrpoOperator.Simulation.Launcher;
using GrpoOperator.Simulation.Operators;
using GrpoOperator.Training;

namespace GrpoOperator.Simulation.Promises;

/// <summary>Watches a history for the first broken promise. The numbers are those of <c>docs/invariants.md</c>.</summary>
internal sealed class PromiseKeeper(World world)
{
    private readonly Dictionary<string, StatusFacts> known = [];

    /// <summary>The first promise that was broken, and how; null while all are kept.</summary>
    public string? Broken { get; private set; }

    /// <summary>Every change of phase, with its reason.</summary>
    public HashSet<Transition> Transitions { get; } = [];

    /// <summary>Every wait that was seen: phase and reason.</summary>
    public HashSet<(string Phase, string Reason)> Waits { get; } = [];

    /// <summary>Uids of StatefulSets that were accepted, by job.</summary>
    public Dictionary<string, int> Sets { get; } = [];

    public void Break(int number, string how)
    {
        Broken ??= $"promise {number}: {how}";
    }

    /// <summary>A trainer is about to be started.</summary>
    public void Launching(TrainerRun run)
    {
        if (OneTraining.Broken(world, run) is { } two) Break(1, two);
        if (NothingAfterSuccess.Broken(world, run) is { } after) Break(2, after);
    }

    /// <summary>A trainer ended well.</summary>
    public void Succeeded(TrainerRun run) => world.Note($"incarnation {run.Incarnation} succeeded");

    /// <summary>A write is about to be carried out.</summary>
    public void Before(LeaderWrite write)
    {
        world.Note($"  {write.Leader.Number}: {write}");
        if (OnlyOwn.Broken(world, write) is { } foreign) Break(5, foreign);
        if (StatusFirst.Broken(world, write) is { } early) Break(4, early);
        if (NoGangBesideAnother.Broken(world, write) is { } beside) Break(6, beside);
    }

    /// <summary>A write was carried out.</summary>
    public void After(LeaderWrite write)
    {
        if (write is { Verb: "POST", Resource.Plural: "statefulsets" } && world.Server.Find(write.Resource, write.Key) is { JobUid: { } owner })
            Sets[owner] = Sets.GetValueOrDefault(owner) + 1;
        if (write.Resource != Resources.TrainingJobs || write.Verb == "DELETE" || world.Job(write.Key) is not { } job) return;
        var old = known.GetValueOrDefault(job.Uid, new StatusFacts());
        var @new = StatusFacts.Of(job.Status);
        known[job.Uid] = @new;
        world.Note($"     {@new.Phase} {@new.Reason} incarnation {@new.Incarnation} attempts {@new.AttemptsUsed} restarts {@new.RestartsCounted}/{@new.Restarts}{(@new.Failing is null ? "" : " failing " + @new.Failing)}");
        if (old.Phase != @new.Phase) Transitions.Add(new Transition(old.Phase ?? "(new)", @new.Phase ?? "(none)", @new.Reason ?? "(none)"));
        if (Counting.Broken(old, @new) is { } wrong) Break(3, wrong);
        if (old.IsFinal && @new.Phase != old.Phase) Break(7, $"{old.Phase} became {@new.Phase}");
    }

    /// <summary>A decision was carried out, by a leader whose caches had shown all that had happened, or not.</summary>
    public void Decided(Leader leader, Observation observation, Decision decision, bool sawAll)
    {
        if (!sawAll) return;
        var job = new NamespacedName(observation.Job.Namespace, observation.Job.Name);
        if (decision.Acts.Count > 0)
        {
            // What came meanwhile are its own writes.
            leader.CatchUp();
            if (leader.Consider(job) is { } next && Repetition.Broken(decision, next.Decision) is { } again) Break(9, again);
        }
        else if (decision.Questions.Count == 0 && StatusPatch.Between(observation.Job.Status, decision.Status, observation.Job.Uid, "0") is null)
        {
            if (NamedWait.Broken(decision) is { } nameless) Break(10, nameless);
            if (decision.Status is { Phase: { } phase, Reason: { } reason }) Waits.Add((phase.ToString(), reason));
        }
    }

    /// <summary>What is wrong at the end of the history.</summary>
    public string? AtTheEnd()
    {
        foreach (var plot in world.Plot.Jobs)
        {
            if (Endings.Broken(world, plot) is { } wrong) Break(wrong.Number, wrong.How);
        }

        return Broken;
    }
}

/// <summary>A change of phase and the reason that was written with it.</summary>
internal sealed record Transition(string From, string To, string Reason);
