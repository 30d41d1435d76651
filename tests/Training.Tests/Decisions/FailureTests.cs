using GrpoOperator.Crds;

namespace GrpoOperator.Training.Tests.Decisions;

public sealed class FailureTests
{
    [Fact]
    public void A_failing_trainer_is_named_before_its_gang_is_removed()
    {
        var decision = Failing().Decide();

        Assert.Equal(JobPhase.Restarting, decision.Status.Phase);
        var failing = decision.Status.Failing!;
        Assert.Equal((1, "math-1", "node-2", 3), (failing.Rank, failing.Pod, failing.Node, failing.ExitCode));
        Assert.Equal(ChildKind.StatefulSet, Assert.IsType<Act.Delete>(Assert.Single(decision.Acts)).Child);
    }

    [Fact]
    public void The_job_fails_only_when_the_server_says_that_all_pods_are_gone()
    {
        var sketch = Failing();
        sketch.Decide();
        Assert.Equal(JobPhase.Restarting, sketch.After(10).Decide().Status.Phase);

        sketch.With(seen => seen with { Pods = [] });
        var asking = sketch.After(1).Decide();
        Assert.IsType<Question.PodsNow>(Assert.Single(asking.Questions));
        Assert.Equal(JobPhase.Restarting, asking.Status.Phase);

        sketch.With(seen => seen with { Answers = new Answers { Pods = new PodsAnswer(seen.Now, [sketch.Trainer(0)]) } });
        Assert.Equal(JobPhase.Restarting, sketch.After(1).Decide().Status.Phase);

        sketch.With(seen => seen with { Answers = new Answers { Pods = new PodsAnswer(seen.Now, []) } });
        Assert.Equal(JobPhase.Failed, sketch.Decide().Status.Phase);
    }

    [Fact]
    public void An_answer_older_than_the_failure_proves_nothing()
    {
        var sketch = Failing().With(seen => seen with { Answers = new Answers { Pods = new PodsAnswer(seen.Now.AddSeconds(-1), []) } });
        sketch.Decide();
        sketch.With(seen => seen with { Pods = [] });
        Assert.Equal(JobPhase.Restarting, sketch.After(10).Decide().Status.Phase);
    }

    [Fact]
    public void A_failed_job_says_exit_code_rank_pod_node_and_the_last_lines()
    {
        var sketch = Failed(Failing());
        var attempt = Assert.Single(sketch.Status.Attempts!);

        Assert.Equal((3, 1, "math-1", "node-2"), (attempt.ExitCode, attempt.Rank, attempt.Pod, attempt.Node));
        Assert.Contains("AssertionError: boom", attempt.Message, StringComparison.Ordinal);
        Assert.True(sketch.Status.Is(ConditionTypes.Failed));
        Assert.Null(sketch.Status.Failing);
        Assert.NotNull(sketch.Status.CompletionTime);
    }

    [Fact]
    public void The_settle_window_is_kept()
    {
        var sketch = Failing();
        sketch.Decide();
        sketch.With(seen => seen with { Pods = [], Answers = new Answers { Pods = new PodsAnswer(seen.Now.AddSeconds(1), []) } });
        var early = sketch.After(5).Decide();
        Assert.Equal(JobPhase.Restarting, early.Status.Phase);
        Assert.Equal(Sketch.Start.AddSeconds(3 + 6), early.LookAgainAt);
        Assert.Equal(JobPhase.Failed, sketch.After(1).Decide().Status.Phase);
    }

    [Fact]
    public void A_follower_gives_the_blame_to_a_primary_cause()
    {
        var sketch = Sketch.At(JobPhase.Running).Ended(1, 90, Sketch.Verdict("HeadGone", 90));
        Assert.Equal("HeadGone", sketch.Decide().Status.Failing?.Reason);

        var moved = sketch.Ended(0, 137, message: null, reason: "OOMKilled").After(1).Decide();
        Assert.Equal((0, Reasons.OutOfMemoryKilled, FailureClass.OutOfMemory), (moved.Status.Failing!.Rank, moved.Status.Failing.Reason, moved.Status.Failing.Class));

        Assert.Equal(Reasons.OutOfMemoryKilled, sketch.Ended(0, 90, Sketch.Verdict("HeadGone", 90)).After(1).Decide().Status.Failing?.Reason);
    }

    [Fact]
    public void Pods_that_go_because_we_removed_the_gang_take_no_blame()
    {
        var sketch = Sketch.At(JobPhase.Running).Ended(1, 90, Sketch.Verdict("HeadGone", 90));
        sketch.Decide();
        // Rank 0 may still say why.
        Assert.NotNull(sketch.Seen.StatefulSet);
        sketch.After(121).Decide();
        Assert.Null(sketch.Seen.StatefulSet);
        sketch.ChangePod(0, pod => pod with { Deleting = true }).ChangePod(1, pod => pod with { Deleting = true });
        Assert.Equal("HeadGone", sketch.After(1).Decide().Status.Failing?.Reason);

        sketch.After(1).PodsGone();
        sketch.Decide();
        Assert.Equal("HeadGone", Assert.Single(sketch.Status.Attempts!).Reason);
    }

    [Fact]
    public void A_pod_that_goes_after_a_primary_cause_takes_no_blame_though_the_cache_still_shows_the_StatefulSet()
    {
        var sketch = Sketch.At(JobPhase.Running).Ended(0, 1, Sketch.Verdict("TrainerFailed", 1));
        var set = sketch.Seen.StatefulSet;
        sketch.Decide();
        // The answer to its DELETE was lost, and its pods' going is seen first.
        sketch.With(seen => seen with { StatefulSet = set }).ChangePod(1, pod => pod with { Deleting = true, DeletedAt = sketch.Seen.Now });
        Assert.Equal(("TrainerFailed", 0), (sketch.Decide().Status.Failing?.Reason, sketch.Status.Failing?.Rank));
    }

    [Theory]
    [InlineData("ContainerStatusUnknown")]
    [InlineData("Error")]
    public void A_worker_that_is_killed_by_our_removal_takes_no_blame(string reason)
    {
        var sketch = Sketch.At(JobPhase.Running).Ended(0, 1, Sketch.Verdict("HeadGone", 90));
        sketch.Decide();
        sketch.Ended(1, 137, "The container could not be located when the pod was deleted.", reason).ChangePod(1, pod => pod with { Deleting = true });
        Assert.Equal(("HeadGone", 0), (sketch.After(1).Decide().Status.Failing?.Reason, sketch.Status.Failing?.Rank));
    }

    [Fact]
    public void An_OOM_kill_takes_the_blame_even_while_its_pod_is_going()
    {
        var sketch = Sketch.At(JobPhase.Running).Ended(0, 1, Sketch.Verdict("HeadGone", 90));
        sketch.Decide();
        sketch.Ended(1, 137, message: null, "OOMKilled").ChangePod(1, pod => pod with { Deleting = true });
        Assert.Equal(Reasons.OutOfMemoryKilled, sketch.After(1).Decide().Status.Failing?.Reason);
    }

    [Fact]
    public void An_evicted_pod_is_blamed_for_its_eviction_whatever_its_container_said()
    {
        var sketch = Sketch.At(JobPhase.Running).Ended(1, 143, Sketch.Verdict("Terminated", 80)).ChangePod(1, pod => pod with { Phase = "Failed", Reason = "Evicted", Message = "The node was low on memory." });
        var failing = sketch.Decide().Status.Failing!;
        Assert.Equal(("Evicted", FailureClass.Infrastructure), (failing.Reason, failing.Class));
        Assert.Contains("low on memory", failing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Somebody_elses_deletion_takes_the_blame_from_a_follower()
    {
        var sketch = Sketch.At(JobPhase.Running).Ended(1, 90, Sketch.Verdict("HeadGone", 90));
        var set = sketch.Seen.StatefulSet;
        sketch.Decide();
        sketch.With(seen => seen with { StatefulSet = set }).ChangePod(0, pod => pod with { Deleting = true });
        Assert.Equal(Reasons.PodDeleted, sketch.After(1).Decide().Status.Failing?.Reason);
    }

    [Fact]
    public void The_verdict_tells_the_last_step_of_a_trainer_whose_console_was_never_read()
    {
        var sketch = Failed(Sketch.At(JobPhase.Starting).Ended(0, 3, Sketch.Verdict("TrainerFailed", 3, step: 4)));
        Assert.Equal(4, Assert.Single(sketch.Status.Attempts!).LastStep);
        Assert.Equal("4", sketch.Status.Progress?.Display);
    }

    [Fact]
    public void A_pod_that_was_replaced_is_a_failure_even_when_nobody_saw_it_happen()
    {
        var sketch = Sketch.At(JobPhase.Running);
        sketch.ChangePod(1, _ => sketch.Trainer(1, uid: "another"));
        var decision = sketch.Decide();

        Assert.Equal((Reasons.PodReplaced, FailureClass.Infrastructure), (decision.Status.Failing?.Reason, decision.Status.Failing!.Class));
    }

    [Fact]
    public void A_deleted_pod_is_a_failure_and_its_SIGTERM_is_not_the_reason()
    {
        var decision = Sketch.At(JobPhase.Running).Ended(1, 143, Sketch.Verdict("Terminated", 143)).ChangePod(1, pod => pod with { Deleting = true }).Decide();
        Assert.Equal(Reasons.PodDeleted, decision.Status.Failing?.Reason);
    }

    [Fact]
    public void A_pod_that_only_the_cache_lacks_is_asked_for_first()
    {
        var sketch = Sketch.At(JobPhase.Running);
        var kept = sketch.Seen.Pods;
        sketch.With(seen => seen with { Pods = [.. seen.Pods.Where(pod => pod.Ordinal != 1)] });
        var asking = sketch.Decide();
        Assert.Null(asking.Status.Failing);
        Assert.Single(asking.Questions);

        sketch.With(seen => seen with { Answers = new Answers { Pods = new PodsAnswer(seen.Now, kept) } });
        Assert.Null(sketch.Decide().Status.Failing);

        sketch.With(seen => seen with { Answers = new Answers { Pods = new PodsAnswer(seen.Now, [.. kept.Where(pod => pod.Ordinal != 1)]) } });
        Assert.Equal(Reasons.PodVanished, sketch.Decide().Status.Failing?.Reason);
    }

    [Fact]
    public void Exit_0_by_SIGTERM_is_not_success()
    {
        var decision = Sketch.At(JobPhase.Running).Ended(0, 0, Sketch.Verdict("Terminated", 143)).ChangePod(0, pod => pod with { Deleting = true }).Decide();
        Assert.Equal(JobPhase.Restarting, decision.Status.Phase);
    }

    [Fact]
    public void A_pod_of_another_incarnation_or_stateful_set_is_never_counted()
    {
        var sketch = Sketch.At(JobPhase.Running);
        var stranger = sketch.Trainer(0, uid: "old") with { Incarnation = 0, Main = new ObservedContainer { Ended = new ContainerEnd(1, "Error", null, null, null) } };
        var other = sketch.Trainer(1, uid: "older") with { Owner = new ObservedOwner("StatefulSet", "math", "set-0") };
        sketch.With(seen => seen with { Pods = [.. seen.Pods, stranger, other] });
        Assert.Equal(JobPhase.Running, sketch.Decide().Status.Phase);
    }

    [Fact]
    public void A_stateful_set_that_is_not_the_recorded_one_goes()
    {
        var sketch = Sketch.At(JobPhase.Running).With(seen => seen with { StatefulSet = new ObservedStatefulSet("late", 1, Sealed: false, Deleting: false) });
        Assert.Equal("late", Assert.IsType<Act.Delete>(Assert.Single(sketch.Decide().Acts)).Uid);
    }

    [Fact]
    public void A_gang_that_arrives_after_the_end_goes()
    {
        var sketch = Sketch.At(JobPhase.Running).Ended(0, 0, Sketch.Verdict("Succeeded", 0, step: 12));
        sketch.Decide();
        sketch.With(seen => seen with { StatefulSet = new ObservedStatefulSet("late", 1, Sealed: false, Deleting: false) });
        var decision = sketch.Decide();
        Assert.Equal("late", Assert.IsType<Act.Delete>(Assert.Single(decision.Acts)).Uid);
        Assert.Equal(JobPhase.Succeeded, decision.Status.Phase);
    }

    private static Sketch Failing() =>
        Sketch.At(JobPhase.Running).WithSpec(spec => spec with { FailurePolicy = new FailurePolicySpec(maxRestarts: 0) }).Ended(1, 3, Sketch.Verdict("TrainerFailed", 3, step: 4, log: "AssertionError: boom"));

    private static Sketch Failed(Sketch sketch) => sketch.ToTheEnd();
}
