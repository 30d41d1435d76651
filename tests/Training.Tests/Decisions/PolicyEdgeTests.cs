using GrpoOperator.Crds;
using GrpoOperator.Training.Policies;

namespace GrpoOperator.Training.Tests.Decisions;

/// <summary>The last second before a policy changes its mind, and what no story can show.</summary>
public sealed class PolicyEdgeTests
{
    [Theory]
    // A second before the pods were bound, by a node's clock; within; a second from now.
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(30, 30)]
    [InlineData(60, 60)]
    [InlineData(61, 60)]
    public void A_launch_is_neither_before_the_nodes_nor_in_the_future(int ready, int launched)
    {
        var sketch = Sketch.At(JobPhase.Starting);
        var bound = sketch.Seen.Now;
        sketch.After(60).ChangePod(0, pod => pod with { Ready = new ObservedCondition(true, null, null, bound.AddSeconds(ready)) }).Decide();
        Assert.Equal(bound.AddSeconds(launched), sketch.Status.CurrentAttempt?.LaunchTime);
    }

    [Theory]
    // Half of the time after which a lease is stale.
    [InlineData(12.5, true)]
    [InlineData(12.4, false)]
    public void A_lease_is_asked_for_again_when_its_answer_is_old(double age, bool asked)
    {
        var sketch = Sketch.At(JobPhase.Running).WithNode("node-1").WithNode("node-2").Ended(1, 90, Sketch.Verdict("HeadGone", 90));
        sketch.Decide();
        var answer = new LeaseAnswer(sketch.Seen.Now.AddSeconds(-age), TimeSpan.Zero);
        sketch.With(seen => seen with { Answers = new Answers { Leases = new Dictionary<string, LeaseAnswer> { ["node-1"] = answer, ["node-2"] = answer } } });
        Assert.Equal(asked, sketch.Decide().Questions.Count > 0);
    }

    [Theory]
    [InlineData(null, false, true)]
    [InlineData(JobPhase.Invalid, false, true)]
    [InlineData(JobPhase.Suspended, false, true)]
    [InlineData(JobPhase.Pending, false, true)]
    [InlineData(JobPhase.Pending, true, false)]
    [InlineData(JobPhase.Preparing, false, false)]
    [InlineData(JobPhase.Restarting, false, false)]
    [InlineData(JobPhase.Failed, true, false)]
    public void A_spec_may_change_only_while_nothing_was_made_for_it(JobPhase? phase, bool attempt, bool may) =>
        Assert.Equal(may, OutOfSync.MayChange(new GrpoTrainingJobStatus { Phase = phase, CurrentAttempt = attempt ? new CurrentAttempt { Number = 1 } : null }));

    [Fact]
    public void The_last_policy_always_claims()
    {
        var ready = new Sketch();
        ready.Decide();
        ready.WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection());
        var old = ready.Trainer(0) with { Owner = new ObservedOwner("StatefulSet", "math", "older") };
        var asking = Sketch.At(JobPhase.Running).Ended(1, 139, message: null).ToTheEnd();
        foreach (var seen in new[] { ready.Seen, ready.Seen with { Pods = [old] }, asking.After(3).Seen })
            Assert.True(Training.Decide.Policies[^1].Apply(seen, new Draft(seen)));
    }

    [Fact]
    public void A_conversion_Job_that_runs_beside_one_that_is_over_keeps_the_launch_config()
    {
        var sketch = Replacing();
        sketch.With(seen => seen with
        {
            BatchJobs = new Dictionary<ChildKind, ObservedBatchJob>
            {
                [ChildKind.DataJob] = new() { Uid = "data", Incarnation = 1, Outcome = BatchJobOutcome.Complete },
                [ChildKind.ConversionJob] = new() { Uid = "conversion", Incarnation = 1 },
            },
        });
        Assert.Equal("conversion", Assert.IsType<Act.Delete>(Assert.Single(sketch.Decide().Acts)).Uid);
    }

    [Fact]
    public void A_pod_that_lives_beside_one_that_has_ended_keeps_the_launch_config()
    {
        var sketch = Replacing();
        var living = sketch.Trainer(0) with { Name = "math-convert-a", Owner = new ObservedOwner("Job", "math-convert", "conversion") };
        sketch.With(seen => seen with { BatchJobs = new Dictionary<ChildKind, ObservedBatchJob>(), Pods = [living, living with { Uid = "ended", Main = new ObservedContainer { Ended = new ContainerEnd(0, "Completed", null, null, null) } }] });
        Assert.Empty(sketch.Decide().Acts);
        sketch.With(seen => seen with { Pods = [seen.Pods[1]] });
        Assert.Contains(sketch.Decide().Acts, act => act is Act.ReplaceConfigMap);
    }

    /// <summary>A status that another version wrote may hold an empty list.</summary>
    [Fact]
    public void No_findings_are_the_same_as_none_found()
    {
        var sketch = new Sketch();
        sketch.Decide();
        sketch.WithStatus(status => status with { Phase = JobPhase.Invalid, Inspection = new InspectionStatus { Findings = [], Tries = 3 } });
        Assert.Equal(JobPhase.Preparing, sketch.Decide().Status.Phase);
        sketch.WithJobEnd(ChildKind.InspectionJob, "Traceback", exitCode: 1).Decide();
        Assert.Equal(Reasons.InspectionBroken, sketch.Status.Condition(ConditionTypes.Inspected)?.Reason);
    }

    private static Sketch Replacing()
    {
        var sketch = new Sketch();
        sketch.Decide();
        sketch.With(seen => seen with { BatchJobs = new Dictionary<ChildKind, ObservedBatchJob>() }).WithStatus(status => status with { Phase = JobPhase.Invalid });
        return sketch.WithSpec(spec => spec with { Model = spec.Model with { Path = "/weight/y" } });
    }
}
