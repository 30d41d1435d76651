using GrpoOperator.Simulation.Cluster;

namespace GrpoOperator.Simulation.Launcher;

/// <summary>Rank 1 and up: joins once the head of its own incarnation, and never another.</summary>
internal sealed class WorkerRank(World world, SimulatedNode node, LocalPod local) : Rank(world, node, local)
{
    private const double Join = 1800;
    private const double HeadGone = 60;

    private DateTimeOffset since = world.Time.Now;
    private HeadRank? head;
    private bool done;

    protected override double? Act()
    {
        if (done) return null;
        if (head is null) Ask();
        else Watch(head);
        return 5;
    }

    public override void Terminate(double seconds)
    {
        if (done) World.Agenda.After(Math.Min(1, seconds), () => End(Local.Verdict!));
        else base.Terminate(seconds);
    }

    private void Ask()
    {
        var heads = World.Cluster.Ranks.Where(rank => rank.Number == 0 && rank.Template.JobUid == Template.JobUid && Reaches(rank)).ToArray();
        if (heads.Any(other => other.Template.Incarnation > Template.Incarnation)) End(Verdict.Of("StaleIncarnation"));
        else if (heads.FirstOrDefault(other => other.Template.Incarnation == Template.Incarnation) is { } found) Join_(found);
        else if (Now - since > TimeSpan.FromSeconds(Join)) End(Verdict.Of("JoinTimeout"));
    }

    private void Join_(Rank found)
    {
        if (found.Local.Verdict is not null)
        {
            HeadDone();
        }
        else if (found is HeadRank { IsGathering: true } open)
        {
            head = open;
            since = Now;
            open.Admit(this);
            Ready();
        }
        else if (found is HeadRank { Run: not null })
        {
            End(Verdict.Of("JoinRefused"));
        }
    }

    private void Watch(HeadRank joined)
    {
        if (joined.Local.Verdict is not null && Reaches(joined) && joined.Node.Powered) HeadDone();
        else if (joined.Alive && Reaches(joined)) since = Now;
        else if (Now - since > TimeSpan.FromSeconds(HeadGone)) End(Verdict.Of("HeadGone", "no word from the head"));
    }

    private void HeadDone()
    {
        done = true;
        Local.Verdict = Verdict.Of("HeadDone");
        Unready();
    }
}
