using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Reconcile;
using GrpoOperator.Operator.Views;
using GrpoOperator.Simulation.Launcher;
using GrpoOperator.Simulation.Plots;
using GrpoOperator.Training;

namespace GrpoOperator.Simulation.Operators;

/// <summary>Reads consoles as the operator does: while a decision asks for it, again and again, by what a node answers.</summary>
internal sealed class ConsoleReaders(World world, Leader leader, ConsoleBook book, Action<NamespacedName> enqueue)
{
    private readonly Dictionary<NamespacedName, ConsoleSource> followed = [];

    public void Follow(TrainingJobView job, ConsoleSource? source)
    {
        if (source is null)
        {
            followed.Remove(job.NamespacedName);
            return;
        }

        var isNew = !followed.TryGetValue(job.NamespacedName, out var old) || old.PodUid != source.PodUid;
        followed[job.NamespacedName] = source;
        if (isNew) world.Agenda.After(1, () => Read(job.NamespacedName, job.Uid, source.PodUid));
    }

    /// <summary>The job is gone.</summary>
    public void Forget(NamespacedName job) => followed.Remove(job);

    private void Read(NamespacedName job, string jobUid, string podUid)
    {
        if (!leader.Leads || !followed.TryGetValue(job, out var source) || source.PodUid != podUid) return;
        var run = world.Cluster.Runs.LastOrDefault(run => run.Head.Local.Pod.Uid == podUid);
        var before = book.Of(jobUid) is { } known && known.PodUid == podUid ? known : new ConsoleReading { PodUid = podUid };
        var after = run is not null && run.Head.Node.Online ? Shown(before, run, world.Plot.OfJob(jobUid)) : before.Unread(Now);
        var news = after with { CoveredFrom = before.CoveredFrom, CoveredUntil = before.CoveredUntil } != before;
        book.Note(job, jobUid, after, news);
        if (news) enqueue(job);
        world.Agenda.After(Math.Clamp((source.StepSeconds ?? 0) / 4, world.Timings.ConsoleMin, world.Timings.ConsoleMax), () => Read(job, jobUid, podUid));
    }

    private DateTime Now => world.Time.Now.UtcDateTime.WholeSeconds();

    private ConsoleReading Shown(ConsoleReading before, TrainerRun run, JobPlot plot)
    {
        var after = before with
        {
            TotalSteps = plot.TotalSteps,
            ResumedFromStep = run.From > 0 ? run.From : null,
        };
        after = after.ReadUpTo(Now, first: before.CoveredFrom is null, whole: true);
        if (run.Step <= run.From || before.Last?.Step == run.Step) return after;
        return after with
        {
            Last = new StepLine(run.Step, new Dictionary<string, double>()),
            StepSeconds = [.. before.StepSeconds.TakeLast(63), plot.StepSeconds],
            LastStepAt = Now,
            LastCheckpointStep = run.Saved ?? before.LastCheckpointStep,
        };
    }
}
