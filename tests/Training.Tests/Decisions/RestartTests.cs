using GrpoOperator.Crds;

namespace GrpoOperator.Training.Tests.Decisions;

/// <summary>A failed gang becomes the next incarnation: counters, back-off and budget, all in one write.</summary>
public sealed class RestartTests
{
    [Fact]
    public void A_restart_is_counted_with_the_next_incarnation_and_not_before()
    {
        var sketch = Failing();
        sketch.Decide();
        Assert.Equal((0, 1), (sketch.Status.Restarts, sketch.Status.Incarnation));

        sketch.After(10).PodsGone().Decide();

        Assert.Equal((1, 1, 2, 1), (sketch.Status.Restarts, sketch.Status.RestartsCounted, sketch.Status.Incarnation, sketch.Status.AttemptsUsed));
        Assert.Equal(1, sketch.Status.RestartsByClass?["Unknown"]);
        Assert.Equal((JobPhase.Restarting, 2), (sketch.Status.Phase, sketch.Status.CurrentAttempt?.Number));
        Assert.Null(sketch.Status.Failing);
        Assert.Equal("TrainerFailed", Assert.Single(sketch.Status.Attempts!).Reason);
    }

    [Fact]
    public void Nothing_is_made_before_its_time_and_then_the_service_points_first()
    {
        var sketch = Failing().ToTheEnd();
        var at = sketch.Status.NextRetryTime!.Value;
        Assert.InRange((at - sketch.Seen.Now).TotalSeconds, 5, 15);
        var waiting = sketch.Decide();
        Assert.Empty(waiting.Acts);
        Assert.Equal(at, waiting.LookAgainAt);

        sketch.With(seen => seen with { Now = at });
        Assert.IsType<Question.PodsNow>(Assert.Single(sketch.Decide().Questions));
        sketch.With(seen => seen with { Answers = new Answers { Pods = new PodsAnswer(seen.Now, []) } });
        var made = sketch.Decide();
        Assert.Equal([typeof(Act.PointService), typeof(Act.Create)], made.Acts.Select(act => act.GetType()));
        Assert.Equal(JobPhase.Restarting, made.Status.Phase);
        var followed = sketch.Decide();
        Assert.Equal((JobPhase.Pending, "set-2"), (followed.Status.Phase, followed.Status.CurrentAttempt?.StatefulSetUID));
        Assert.Null(followed.Status.NextRetryTime);
    }

    [Fact]
    public void A_restarted_gang_runs_as_the_next_attempt()
    {
        var sketch = Failing().ToTheEnd().RunsAgain();
        Assert.Equal((JobPhase.Running, 2, 2), (sketch.Status.Phase, sketch.Status.AttemptsUsed, sketch.Status.CurrentAttempt?.Pods?.Count));
    }

    [Fact]
    public void The_budget_is_used_up_by_counted_restarts_only()
    {
        var sketch = Sketch.At(JobPhase.Running).WithSpec(spec => spec with { FailurePolicy = new FailurePolicySpec(maxRestarts: 1) });
        sketch.ChangePod(1, pod => pod with { Deleting = true }).ToTheEnd().RunsAgain();
        Assert.Equal((1, 0), (sketch.Status.Restarts, sketch.Status.RestartsCounted));

        sketch.Ended(0, 139, message: null).ToTheEnd().RunsAgain();
        Assert.Equal((2, 1), (sketch.Status.Restarts, sketch.Status.RestartsCounted));

        sketch.Ended(0, 139, message: null).ToTheEnd();
        Assert.Equal(JobPhase.Failed, sketch.Status.Phase);
        Assert.Equal(Reasons.RestartsExhausted, sketch.Status.Condition(ConditionTypes.Failed)?.Reason);
    }

    [Theory]
    [InlineData(5, 1)]
    [InlineData(6, 2)]
    public void An_attempt_that_advanced_far_enough_gives_the_budget_back(int minimum, int counted)
    {
        var sketch = Sketch.At(JobPhase.Running).WithSpec(spec => spec with { FailurePolicy = new FailurePolicySpec(maxRestarts: 1) { MinStepsToReset = minimum } });
        sketch.Ended(0, 139, Sketch.Verdict("TrainerFailed", 139, step: 1)).ToTheEnd().RunsAgain();
        sketch.Ended(0, 139, Sketch.Verdict("TrainerFailed", 139, step: 5, incarnation: 2)).ToTheEnd();
        Assert.Equal(counted == 1 ? JobPhase.Restarting : JobPhase.Failed, sketch.Status.Phase);
        Assert.Equal(1, sketch.Status.RestartsCounted);
    }

    [Fact]
    public void The_eleventh_uncounted_restart_in_a_row_counts()
    {
        var sketch = Sketch.At(JobPhase.Running);
        for (var restart = 1; restart <= 11; restart++)
        {
            sketch.ChangePod(1, pod => pod with { Deleting = true }).ToTheEnd();
            Assert.Equal((restart, restart > 10 ? 1 : 0), (sketch.Status.Restarts, sketch.Status.RestartsCounted));
            sketch.RunsAgain();
        }
    }

    [Fact]
    public void The_wait_doubles_until_a_step_is_made()
    {
        var sketch = Sketch.At(JobPhase.Running).WithSpec(spec => spec with { FailurePolicy = new FailurePolicySpec(maxRestarts: 9, backoff: new BackoffSpec(100, 1000)) });
        sketch.Ended(0, 139, message: null).ToTheEnd();
        Assert.InRange(Wait(sketch), 50, 150);
        sketch.RunsAgain().Ended(0, 139, message: null).ToTheEnd();
        Assert.InRange(Wait(sketch), 100, 300);
        sketch.RunsAgain().Ended(0, 139, message: null).ToTheEnd().RunsAgain().Ended(0, 139, message: null).ToTheEnd().RunsAgain().Ended(0, 139, message: null).ToTheEnd();
        Assert.InRange(Wait(sketch), 800, 1000);
        sketch.RunsAgain().Ended(0, 139, Sketch.Verdict("TrainerFailed", 139, step: 2)).ToTheEnd();
        Assert.InRange(Wait(sketch), 50, 150);
    }

    [Theory]
    [InlineData("ConfigModelPath", null, JobPhase.Failed)]
    [InlineData("ConfigModelPath", 3, JobPhase.Restarting)]
    [InlineData("ResumeUnsupported", 3, JobPhase.Failed)]
    public void A_configuration_error_ends_a_job_only_before_its_first_step(string code, int? step, JobPhase phase)
    {
        var sketch = Sketch.At(JobPhase.Running);
        if (step is { } n) sketch.Console(n).Decide();
        Assert.Equal(phase, sketch.Ended(0, 66, Sketch.Verdict(code, 66)).ToTheEnd().Status.Phase);
    }

    [Fact]
    public void The_same_unknown_failure_twice_without_a_step_ends_the_job()
    {
        var sketch = Sketch.At(JobPhase.Running).Ended(0, 3, Sketch.Verdict("TrainerFailed", 3, log: "cut here: 1\\nTraceback\\n(pid=58) raise\\nValueError: 17 at 0xdeadbeef")).ToTheEnd().RunsAgain();
        sketch.Ended(0, 3, Sketch.Verdict("TrainerFailed", 3, incarnation: 2, log: "here: 1\\nTraceback\\n(pid=7) raise\\nValueError: 18 at 0xdeadbeaf")).ToTheEnd();
        Assert.Equal(JobPhase.Failed, sketch.Status.Phase);
        Assert.Equal(Reasons.SameFailureAgain, sketch.Status.Condition(ConditionTypes.Failed)?.Reason);
    }

    [Fact]
    public void Another_failure_between_them_does_not_hide_that_it_came_twice()
    {
        var sketch = Sketch.At(JobPhase.Running).Ended(0, 3, Sketch.Verdict("TrainerFailed", 3, log: "ValueError: 17")).ToTheEnd().RunsAgain();
        sketch.ChangePod(1, pod => pod with { Deleting = true }).ToTheEnd().RunsAgain();
        sketch.Ended(0, 3, Sketch.Verdict("TrainerFailed", 3, incarnation: 3, log: "ValueError: 17")).ToTheEnd();
        Assert.Equal(Reasons.SameFailureAgain, sketch.Status.Condition(ConditionTypes.Failed)?.Reason);

        var stepped = Sketch.At(JobPhase.Running).Ended(0, 3, Sketch.Verdict("TrainerFailed", 3, log: "ValueError: 17")).ToTheEnd().RunsAgain();
        stepped.Ended(0, 139, Sketch.Verdict("TrainerFailed", 139, step: 1, incarnation: 2)).ToTheEnd().RunsAgain();
        Assert.Equal(JobPhase.Restarting, stepped.Ended(0, 3, Sketch.Verdict("TrainerFailed", 3, incarnation: 3, log: "ValueError: 17")).ToTheEnd().Status.Phase);
    }

    [Fact]
    public void What_was_resumed_and_saved_is_known_from_the_verdict_of_a_console_that_nobody_read()
    {
        var sketch = Sketch.At(JobPhase.Running);
        var verdict = Sketch.Verdict("TrainerFailed", 139, step: 12).Replace("\"launched\"", "\"resumed\":4,\"saved\":10,\"launched\"", StringComparison.Ordinal);
        sketch.Ended(0, 139, verdict).ToTheEnd();
        Assert.Equal((12, 4, 10), (sketch.Status.Progress?.Step, sketch.Status.Progress?.ResumedFromStep, sketch.Status.Progress?.LastCheckpointStep));
        // Of eight steps six were saved.
        Assert.Equal(12, sketch.Status.Attempts![^1].LastStep);
        var spent = sketch.Status.NpuSeconds!;
        Assert.Equal(0.75, (double)spent.Productive / (spent.Productive + spent.Lost), 2);
    }

    [Fact]
    public void Another_failure_or_one_after_a_step_is_no_repetition()
    {
        var other = Sketch.At(JobPhase.Running).Ended(0, 3, Sketch.Verdict("TrainerFailed", 3, log: "ValueError: 17")).ToTheEnd().RunsAgain();
        Assert.Equal(JobPhase.Restarting, other.Ended(0, 3, Sketch.Verdict("TrainerFailed", 3, incarnation: 2, log: "KeyError: 17")).ToTheEnd().Status.Phase);

        var stepped = Sketch.At(JobPhase.Running).Ended(0, 3, Sketch.Verdict("TrainerFailed", 3, log: "ValueError: 17")).ToTheEnd().RunsAgain();
        Assert.Equal(JobPhase.Restarting, stepped.Ended(0, 3, Sketch.Verdict("TrainerFailed", 3, step: 1, incarnation: 2, log: "ValueError: 17")).ToTheEnd().Status.Phase);
    }

    [Theory]
    [InlineData(FailureAction.Fail, JobPhase.Failed, 0)]
    [InlineData(FailureAction.Restart, JobPhase.Restarting, 1)]
    [InlineData(FailureAction.RestartWithoutCount, JobPhase.Restarting, 0)]
    public void A_users_rule_goes_before_the_table(FailureAction action, JobPhase phase, int counted)
    {
        FailureRule[] rules = [new() { Name = "not-this", ExitCodes = [4], Action = FailureAction.Fail }, new() { Name = "mine", ExitCodes = [3], MessagePattern = "bo+m", Action = action }];
        var sketch = Sketch.At(JobPhase.Running).WithSpec(spec => spec with { FailurePolicy = new FailurePolicySpec { Rules = rules } });
        sketch.Ended(1, 3, Sketch.Verdict("TrainerFailed", 3, log: "AssertionError: boooom")).ToTheEnd();
        Assert.Equal((phase, counted), (sketch.Status.Phase, sketch.Status.RestartsCounted));
    }

    [Fact]
    public void A_requested_restart_is_obeyed_once_and_counts_for_nothing()
    {
        var sketch = Sketch.At(JobPhase.Running).With(seen => seen with { Job = seen.Job with { Annotations = new Dictionary<string, string> { [Labels.RestartRequested] = "monday" } } });
        sketch.Decide();
        Assert.Equal((Reasons.RestartRequested, "monday"), (sketch.Status.Failing?.Reason, sketch.Status.HandledRestartRequest));
        sketch.After(10).PodsGone().Decide();
        Assert.Equal((1, 0, null), (sketch.Status.Restarts, sketch.Status.RestartsCounted, sketch.Status.NextRetryTime));
        Assert.Null(sketch.Status.RestartsByClass);
        sketch.RunsAgain();
        Assert.Equal(JobPhase.Running, sketch.After(100).Decide().Status.Phase);
    }

    [Fact]
    public void A_request_ends_the_wait_of_a_restart()
    {
        var sketch = Failing().ToTheEnd().With(seen => seen with { Job = seen.Job with { Annotations = new Dictionary<string, string> { [Labels.RestartRequested] = "now" } } });
        sketch.With(seen => seen with { Answers = new Answers { Pods = new PodsAnswer(seen.Now, []) } });
        Assert.Contains(sketch.Decide().Acts, act => act is Act.Create { Child: ChildKind.StatefulSet });
        Assert.Equal("now", sketch.Status.HandledRestartRequest);
        Assert.Equal(1, sketch.Status.Restarts);
    }

    [Fact]
    public void Held_pods_stay_for_as_long_as_was_asked()
    {
        var sketch = Failing().WithSpec(spec => spec with { FailurePolicy = new FailurePolicySpec { HoldSeconds = 60 } });
        Assert.Empty(sketch.Decide().Acts);
        Assert.Empty(sketch.After(60).Decide().Acts);
        Assert.IsType<Act.Delete>(Assert.Single(sketch.After(1).Decide().Acts));
    }

    [Fact]
    public void Kept_pods_stay_after_a_failure_that_ends_the_job_and_only_then()
    {
        var sketch = Sketch.At(JobPhase.Running).WithSpec(spec => spec with { CleanPodPolicy = CleanPodPolicy.None });
        sketch.Ended(0, 66, Sketch.Verdict("ConfigModelPath", 66));
        Assert.Empty(sketch.Decide().Acts);
        Assert.Equal(JobPhase.Failed, sketch.After(6).Decide().Status.Phase);
        Assert.Empty(sketch.After(6).Decide().Acts);

        var restarts = Sketch.At(JobPhase.Running).WithSpec(spec => spec with { CleanPodPolicy = CleanPodPolicy.None }).Ended(0, 139, message: null);
        Assert.IsType<Act.Delete>(Assert.Single(restarts.Decide().Acts));
    }

    [Fact]
    public void The_next_rank_0_waits_at_the_fence_unless_every_end_was_seen()
    {
        var unseen = Failing().ToTheEnd();
        Assert.True(unseen.Status.FenceWait);
        Assert.False(unseen.RunsAgain().Status.FenceWait);

        var seen = Failing();
        seen.Decide();
        seen.After(10).PodsGone().With(o => o with { Answers = o.Answers with { Ended = new HashSet<string> { "pod-0", "pod-1" } } }).Decide();
        Assert.False(seen.Status.FenceWait);
    }

    [Fact]
    public void A_megatron_checkpoint_that_this_verl_cant_read_back_ends_the_job()
    {
        var sketch = Sketch.At(JobPhase.Running);
        // Declared from the start; the sketch only changes it in place.
        sketch.With(seen => seen with { Job = seen.Job with { Spec = seen.Job.Spec! with { VerlVersion = "0.7.0" } } }).WithStatus(status => status with { SpecHash = SpecHash.Of(sketch.Seen.Job.Spec!) });
        sketch.Console(5, saved: 4).Decide();
        sketch.Ended(0, 139, message: null).ToTheEnd();
        Assert.Equal((JobPhase.Failed, Reasons.ResumeUnsupported), (sketch.Status.Phase, sketch.Status.Condition(ConditionTypes.Failed)?.Reason));
        Assert.Contains("global_step_4", sketch.Status.Condition(ConditionTypes.Failed)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_resumed_attempt_says_what_is_made_again_and_one_that_lost_its_checkpoint_says_so()
    {
        var sketch = Sketch.At(JobPhase.Running);
        sketch.Console(7, saved: 4).Decide();
        sketch.Ended(0, 139, message: null).ToTheEnd().RunsAgain();
        var resumed = sketch.Console(5, resumedFrom: 4, saved: 4).Decide();
        Assert.Contains(resumed.Events, told => told.Reason == Reasons.Resumed && told.Message.Contains("3 steps", StringComparison.Ordinal));
        Assert.Equal(4, sketch.Status.CurrentAttempt?.ResumedFromStep);

        sketch.Ended(0, 139, message: null).ToTheEnd().RunsAgain();
        sketch.Console(1).Decide();
        Assert.Equal(Reasons.ResumeLost, sketch.Status.Condition(ConditionTypes.Warned)?.Reason);
        Assert.Equal(JobPhase.Running, sketch.Status.Phase);
    }

    private static double Wait(Sketch sketch) => (sketch.Status.NextRetryTime!.Value - sketch.Seen.Now).TotalSeconds;

    private static Sketch Failing() => Sketch.At(JobPhase.Running).Ended(1, 3, Sketch.Verdict("TrainerFailed", 3, log: "AssertionError: boom"));
}
