using GrpoOperator.Crds;

namespace GrpoOperator.Training.Tests.Decisions;

/// <summary>All or nothing, and nodes that don't answer.</summary>
public sealed class GangTests
{
    [Fact]
    public void A_halved_gang_is_released_and_made_again_later()
    {
        var sketch = Halved();
        Assert.Null(sketch.After(300).Decide().Status.NextRetryTime);
        var released = sketch.After(1).Decide();
        Assert.Equal((JobPhase.Pending, 2, 1, 0), (released.Status.Phase, released.Status.Incarnation, released.Status.GangReleases, released.Status.Restarts));
        Assert.Null(released.Status.CurrentAttempt);
        Assert.NotNull(released.Status.PendingSince);
        Assert.IsType<Act.Delete>(Assert.Single(released.Acts));

        Assert.Empty(sketch.PodsGone().Decide().Acts);
        sketch.With(seen => seen with { Now = sketch.Status.NextRetryTime!.Value }).PodsGone();
        Assert.Contains(sketch.Decide().Acts, act => act is Act.Create { Child: ChildKind.StatefulSet });
        Assert.Equal((1, 0), (sketch.Status.CurrentAttempt?.Number, sketch.Status.AttemptsUsed));
    }

    [Fact]
    public void A_gang_clock_is_written_down_only_for_a_gang_that_stays_halved()
    {
        var sketch = Halved();
        Assert.Null(sketch.After(5).Decide().Status.GangClockStart);
        Assert.NotNull(sketch.After(1).Decide().Status.GangClockStart);
        sketch.WithTrainers().Decide();
        Assert.Equal((JobPhase.Starting, null), (sketch.Status.Phase, sketch.Status.GangClockStart));
    }

    [Fact]
    public void The_clock_starts_anew_when_room_is_made()
    {
        var sketch = Halved().After(299);
        sketch.With(seen => seen with { ScaleUpAt = seen.Now });
        Assert.Equal(1, sketch.After(300).Decide().Status.Incarnation);
        Assert.Equal(2, sketch.After(1).Decide().Status.Incarnation);
    }

    [Theory]
    [InlineData(GangMode.None)]
    [InlineData(GangMode.Volcano)]
    public void Where_somebody_else_or_nobody_starts_gangs_none_is_released(GangMode mode)
    {
        var sketch = Halved().With(seen => seen with { Job = seen.Job with { Spec = seen.Job.Spec! with { Scheduling = new SchedulingSpec { Gang = mode } } } });
        Assert.Equal(1, sketch.After(1000).Decide().Status.Incarnation);
    }

    [Fact]
    public void A_PodGroup_is_posted_until_an_answer_says_that_it_is_there()
    {
        var sketch = Volcanic();
        var posted = Assert.IsType<Act.CreatePodGroup>(Assert.Single(sketch.Decide().Acts));
        Assert.Equal(sketch.Seen.StatefulSet!.Uid, posted.StatefulSetUid);
        Assert.Empty(sketch.Decide().Acts);
        sketch.With(seen => seen with { Answers = seen.Answers with { PodGroup = new PodGroupAnswer("an-earlier-set") } });
        Assert.IsType<Act.CreatePodGroup>(Assert.Single(sketch.Decide().Acts));
    }

    [Fact]
    public void A_refused_PodGroup_is_named_and_tried_again_after_a_while()
    {
        var sketch = Volcanic();
        var retry = (int)sketch.Seen.Timings.RefusedRetry;
        var at = sketch.Seen.Now;
        sketch.With(seen => seen with { Answers = seen.Answers with { PodGroup = new PodGroupAnswer(seen.StatefulSet!.Uid, new RefusedWrite(at, RefusalKind.Forbidden, "no right")) } });
        var waiting = sketch.After(retry).Decide();
        Assert.Empty(waiting.Acts);
        var condition = waiting.Status.Condition(ConditionTypes.PodsScheduled)!;
        Assert.Equal((Reasons.Forbidden, ConditionStatus.False), (condition.Reason, condition.Status));
        Assert.Contains("no right", condition.Message, StringComparison.Ordinal);
        Assert.IsType<Act.CreatePodGroup>(Assert.Single(sketch.After(1).Decide().Acts));
    }

    [Fact]
    public void Pods_that_a_queue_holds_back_are_not_short_of_a_node()
    {
        var sketch = Halved().ChangePod(1, pod => pod with { HeldBy = ["kueue.x-k8s.io/admission"] });
        Assert.Equal(1, sketch.After(1000).Decide().Status.Incarnation);
    }

    [Fact]
    public void A_node_that_is_not_ready_is_no_failure_until_its_time_is_over()
    {
        var sketch = Sketch.At(JobPhase.Running).WithNode("node-1").WithNode("node-2", ready: null, since: 0);
        var waiting = sketch.After(300).Decide();
        Assert.Null(waiting.Status.Failing);
        Assert.NotNull(waiting.LookAgainAt);
        var failing = sketch.After(1).Decide().Status.Failing!;
        Assert.Equal((Reasons.NodeLost, "node-2", FailureClass.Infrastructure), (failing.Reason, failing.Node, failing.Class));
    }

    [Fact]
    public void A_pod_that_is_removed_from_such_a_node_is_lost_with_it()
    {
        var sketch = Sketch.At(JobPhase.Running).WithNode("node-2", ready: null, since: 0).ChangePod(1, pod => pod with { Deleting = true });
        Assert.Equal(Reasons.NodeLost, sketch.Decide().Status.Failing?.Reason);
    }

    [Fact]
    public void A_node_that_is_not_ready_takes_the_blame_from_a_follower()
    {
        var sketch = Sketch.At(JobPhase.Running).WithNode("node-1").Ended(1, 90, Sketch.Verdict("HeadGone", 90));
        sketch.Decide();
        sketch.WithNode("node-1", ready: false, since: 0);
        Assert.Equal((Reasons.NodeLost, "node-1"), (sketch.After(1).Decide().Status.Failing?.Reason, sketch.Status.Failing?.Node));
    }

    [Fact]
    public void A_silent_kubelet_takes_the_blame_before_its_node_tells()
    {
        var sketch = Sketch.At(JobPhase.Running).WithNode("node-1").WithNode("node-2").Ended(1, 90, Sketch.Verdict("HeadGone", 90));
        sketch.Decide();
        Assert.Equal(["node-1", "node-2"], sketch.After(1).Decide().Questions.OfType<Question.NodeLease>().Select(question => question.Node));
        sketch.With(seen => seen with { Answers = new Answers { Leases = new Dictionary<string, LeaseAnswer> { ["node-1"] = new(seen.Now, TimeSpan.FromSeconds(25)), ["node-2"] = new(seen.Now, TimeSpan.FromSeconds(24)) } } });
        Assert.Equal("node-1", sketch.After(1).Decide().Status.Failing?.Node);
    }

    [Fact]
    public void A_pod_that_hangs_on_a_lost_node_is_removed_by_force_once_the_server_confirms_it()
    {
        var sketch = Sketch.At(JobPhase.Running).WithNode("node-2", ready: null, since: 0).ChangePod(1, pod => pod with { Deleting = true });
        sketch.Decide();
        Assert.DoesNotContain(sketch.After(299).Decide().Acts, act => act is Act.ForceDeletePod);
        Assert.Contains(sketch.After(2).Decide().Questions, question => question is Question.PodsNow);
        sketch.With(seen => seen with { Answers = new Answers { Pods = new PodsAnswer(seen.Now, [.. seen.Pods.Where(pod => pod.Ordinal >= 0)]) } });
        var forced = sketch.Decide();
        Assert.Equal("pod-1", Assert.Single(forced.Acts.OfType<Act.ForceDeletePod>()).Uid);
        Assert.Contains(forced.Events, told => told.Reason == Reasons.PodForced);
    }

    [Fact]
    public void Without_node_access_a_pod_that_hangs_is_told_and_left_alone()
    {
        var sketch = Sketch.At(JobPhase.Running).ChangePod(1, pod => pod with { Deleting = true, DeletedAt = Sketch.Start });
        sketch.Decide();
        Assert.Null(sketch.Status.Condition(ConditionTypes.Warned));
        var told = sketch.After(301).Decide();
        Assert.Equal(Reasons.FeatureOff, told.Status.Condition(ConditionTypes.Warned)?.Reason);
        Assert.DoesNotContain(told.Acts, act => act is Act.ForceDeletePod);
    }

    [Fact]
    public void A_node_that_came_back_keeps_its_pod()
    {
        var sketch = Sketch.At(JobPhase.Running).WithNode("node-2", ready: true, since: -1000).ChangePod(1, pod => pod with { Deleting = true });
        sketch.With(seen => seen with { Answers = new Answers { Pods = new PodsAnswer(seen.Now, [.. seen.Pods.Where(pod => pod.Ordinal >= 0)]) } });
        Assert.DoesNotContain(sketch.Decide().Acts, act => act is Act.ForceDeletePod);
    }

    [Fact]
    public void A_node_that_failed_twice_is_avoided_where_others_can_run_the_job()
    {
        var sketch = Sketch.At(JobPhase.Running).WithNode("node-1").WithNode("node-2").WithNode("node-3");
        sketch.Ended(1, 139, message: null).ToTheEnd();
        Assert.Equal(("node-2", 1), (Assert.Single(sketch.Status.SuspectNodes!).Node, sketch.Status.SuspectNodes![0].Count));
        sketch.RunsAgain().Ended(1, 139, message: null).ToTheEnd();
        Assert.Contains("NotIn", Made(sketch), StringComparison.Ordinal);
        Assert.Contains("node-2", Made(sketch), StringComparison.Ordinal);
    }

    [Fact]
    public void A_suspect_node_is_used_when_the_job_fits_nowhere_else()
    {
        var sketch = Sketch.At(JobPhase.Running).WithNode("node-1").WithNode("node-2");
        sketch.Ended(1, 139, message: null).ToTheEnd().RunsAgain().Ended(1, 139, message: null).ToTheEnd();
        Assert.Equal(2, Assert.Single(sketch.Status.SuspectNodes!).Count);
        Assert.DoesNotContain("NotIn", Made(sketch), StringComparison.Ordinal);
    }

    private static string Made(Sketch sketch)
    {
        var observation = sketch.With(seen => seen with { Now = sketch.Status.NextRetryTime!.Value }).PodsGone().Seen;
        return Training.Decide.For(observation).Acts.OfType<Act.Create>().Single(act => act.Child == ChildKind.StatefulSet).Body.ToJsonString();
    }

    /// <summary>A gang that Volcano, an old one, is to start.</summary>
    private static Sketch Volcanic() => Halved().With(seen => seen with
    {
        Cluster = seen.Cluster with { Volcano = true, PodGroups = true },
        Job = seen.Job with { Spec = seen.Job.Spec! with { Scheduling = new SchedulingSpec { Gang = GangMode.Volcano } } },
    });

    private static Sketch Halved()
    {
        var sketch = Sketch.At(JobPhase.Pending);
        sketch.Decide();
        sketch.With(seen => seen with { Pods = [.. seen.Pods.Where(pod => pod.Ordinal < 0), sketch.Trainer(0), sketch.Trainer(1, bound: false)] });
        sketch.Decide();
        return sketch;
    }
}
