using GrpoOperator.Crds;

namespace GrpoOperator.Training.Tests.Decisions;

public sealed class SuspendTests
{
    [Fact]
    public void A_job_that_is_created_suspended_makes_nothing()
    {
        var sketch = new Sketch().WithSpec(spec => spec with { Suspend = true });
        var decision = sketch.Decide();
        Assert.Equal(JobPhase.Suspended, decision.Status.Phase);
        Assert.Empty(decision.Acts);
        Assert.Empty(decision.Questions);
    }

    [Fact]
    public void The_phase_stays_until_the_last_pod_is_gone_and_nothing_counts()
    {
        var sketch = Sketch.At(JobPhase.Running).WithSpec(spec => spec with { Suspend = true });
        var first = sketch.Decide();
        Assert.Equal((JobPhase.Running, Reasons.Suspending), (first.Status.Phase, first.Status.Condition(ConditionTypes.Suspended)?.Reason));
        Assert.IsType<Act.Delete>(Assert.Single(first.Acts));
        sketch.ChangePod(0, pod => pod with { Deleting = true });
        Assert.Equal(JobPhase.Running, sketch.After(1).Decide().Status.Phase);

        sketch.With(seen => seen with { Pods = [] });
        Assert.IsType<Question.PodsNow>(Assert.Single(sketch.After(1).Decide().Questions));
        sketch.PodsGone().Decide();
        Assert.Equal((JobPhase.Suspended, 0, 1), (sketch.Status.Phase, sketch.Status.Restarts, sketch.Status.AttemptsUsed));
        Assert.Null(sketch.Status.CurrentAttempt);
        Assert.Equal(Reasons.SuspendedByUser, Assert.Single(sketch.Status.Attempts!).Reason);
    }

    [Fact]
    public void A_resumed_job_is_the_next_incarnation()
    {
        var sketch = Suspended();
        sketch.WithSpec(spec => spec with { Suspend = false }).Decide();
        Assert.Equal(2, sketch.Status.Incarnation);
        Assert.Equal(Reasons.Resumed, sketch.Status.Condition(ConditionTypes.Suspended)?.Reason);
        sketch.RunsAgain();
        Assert.Equal((JobPhase.Running, 2, 0), (sketch.Status.Phase, sketch.Status.AttemptsUsed, sketch.Status.Restarts));
    }

    [Fact]
    public void A_wish_that_is_taken_back_too_late_is_carried_out_first()
    {
        var sketch = Sketch.At(JobPhase.Running).WithSpec(spec => spec with { Suspend = true });
        sketch.Decide();
        sketch.WithSpec(spec => spec with { Suspend = false }).ChangePod(0, pod => pod with { Deleting = true });
        Assert.Null(sketch.Decide().Status.Failing);
        sketch.After(2).PodsGone().Decide();
        Assert.Equal(JobPhase.Suspended, sketch.Status.Phase);
        sketch.Decide();
        Assert.Equal(2, sketch.Status.Incarnation);
    }

    [Fact]
    public void An_attempt_that_was_never_bound_is_handed_on()
    {
        var sketch = Sketch.At(JobPhase.Pending);
        sketch.Decide();
        sketch.WithTrainers(bound: false).Decide();
        sketch.WithSpec(spec => spec with { Suspend = true }).Decide();
        sketch.After(2).PodsGone().Decide();
        Assert.Equal((JobPhase.Suspended, 0), (sketch.Status.Phase, sketch.Status.AttemptsUsed));
        Assert.Null(sketch.Status.Attempts);
    }

    [Fact]
    public void A_failure_that_began_is_counted_before_the_job_is_suspended()
    {
        var sketch = Sketch.At(JobPhase.Running).Ended(1, 139, message: null);
        sketch.Decide();
        sketch.WithSpec(spec => spec with { Suspend = true }).After(10).PodsGone().Decide();
        Assert.Equal((JobPhase.Restarting, 1), (sketch.Status.Phase, sketch.Status.Restarts));
        sketch.Decide();
        sketch.After(2).PodsGone().Decide();
        Assert.Equal((JobPhase.Suspended, 1, 2), (sketch.Status.Phase, sketch.Status.Restarts, sketch.Status.Incarnation));
    }

    [Fact]
    public void Suspended_goes_before_invalid()
    {
        var sketch = new Sketch().WithSpec(spec => spec with { Suspend = true, Trainer = spec.Trainer with { TotalSteps = null } });
        Assert.Equal(JobPhase.Suspended, sketch.Decide().Status.Phase);
    }

    [Fact]
    public void Another_checkpoint_directory_makes_the_next_attempt_a_first_one()
    {
        var same = Suspended();
        same.WithSpec(spec => spec with { Suspend = false }).Decide();
        Assert.Equal(0, same.Status.ResumeEpoch);

        var other = Suspended();
        other.WithSpec(spec => spec with { Suspend = false, Trainer = spec.Trainer with { CheckpointDir = "/data/other" } }).Decide();
        Assert.Equal(1, other.Status.ResumeEpoch);
    }

    [Fact]
    public void A_change_where_none_may_be_makes_nothing_until_it_is_taken_back()
    {
        var sketch = Sketch.At(JobPhase.Running).Ended(1, 139, message: null).ToTheEnd();
        sketch.With(seen => seen with { Now = sketch.Status.NextRetryTime!.Value }).PodsGone();
        var before = sketch.Seen.Job.Spec!;
        sketch.WithSpec(spec => spec with { Trainer = spec.Trainer with { TotalSteps = 99 } });
        var held = sketch.Decide();
        Assert.Empty(held.Acts);
        Assert.Equal(Reasons.SpecChanged, held.Status.Condition(ConditionTypes.SpecInSync)?.Reason);
        sketch.WithSpec(_ => before);
        Assert.Contains(sketch.Decide().Acts, act => act is Act.Create { Child: ChildKind.StatefulSet });
        Assert.NotEqual(Reasons.SpecChanged, sketch.Status.Reason);
    }

    private static Sketch Suspended()
    {
        var sketch = Sketch.At(JobPhase.Running).WithSpec(spec => spec with { Suspend = true });
        sketch.Decide();
        sketch.After(2).PodsGone().Decide();
        Assert.Equal(JobPhase.Suspended, sketch.Status.Phase);
        return sketch;
    }
}
