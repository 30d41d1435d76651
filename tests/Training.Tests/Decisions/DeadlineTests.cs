using GrpoOperator.Crds;

namespace GrpoOperator.Training.Tests.Decisions;

/// <summary>The five deadlines; an interval is over when its seconds, and one more, have passed.</summary>
public sealed class DeadlineTests
{
    [Fact]
    public void A_trainer_that_is_not_launched_in_time_is_a_startup_failure_that_names_the_wait()
    {
        var sketch = Sketch.At(JobPhase.Starting).WithSpec(spec => spec with { StartupDeadlineSeconds = 100 });
        sketch.ChangePod(1, pod => pod with { Main = new ObservedContainer { WaitingReason = "ImagePullBackOff", WaitingMessage = "no such image" } });
        Assert.Null(sketch.After(100).Decide().Status.Failing);
        var failing = sketch.After(1).Decide().Status.Failing!;
        Assert.Equal((Reasons.StartupDeadlineExceeded, FailureClass.Startup), (failing.Reason, failing.Class));
        Assert.Contains("no such image", failing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_launch_that_is_seen_at_the_same_moment_ends_the_startup_deadline()
    {
        var sketch = Sketch.At(JobPhase.Starting).WithSpec(spec => spec with { StartupDeadlineSeconds = 100 }).After(200).Ready(0).Ready(1);
        Assert.Equal(JobPhase.Running, sketch.Decide().Status.Phase);
    }

    [Fact]
    public void The_first_step_has_its_own_deadline()
    {
        var sketch = Sketch.At(JobPhase.Running).WithSpec(spec => spec with { FirstStepDeadlineSeconds = 100 }).Console();
        Assert.Null(sketch.After(97).ReadAgain().Decide().Status.Failing);
        Assert.Equal(Reasons.FirstStepDeadlineExceeded, sketch.After(10).ReadAgain().Decide().Status.Failing?.Reason);
    }

    [Fact]
    public void A_first_step_that_was_only_just_read_counts()
    {
        var sketch = Sketch.At(JobPhase.Running).WithSpec(spec => spec with { FirstStepDeadlineSeconds = 100 }).After(200).Console(1);
        Assert.Null(sketch.Decide().Status.Failing);
    }

    [Fact]
    public void No_step_for_the_given_time_is_a_stall()
    {
        var sketch = Stepped(spec => spec with { StallDeadlineSeconds = 60 });
        Assert.Null(sketch.After(60).ReadAgain().Decide().Status.Failing);
        var failing = sketch.After(1).ReadAgain().Decide().Status.Failing!;
        Assert.Equal((Reasons.StallDeadlineExceeded, FailureClass.Stall), (failing.Reason, failing.Class));
    }

    [Fact]
    public void The_step_of_an_earlier_attempt_starts_no_clock()
    {
        var sketch = Stepped(spec => spec with { StallDeadlineSeconds = 60 });
        sketch.Ended(0, 139, message: null).ToTheEnd();
        sketch.After(1000).RunsAgain();
        // It made the same step as the one before it, long after that.
        Assert.Null(sketch.Console(5).Decide().Status.Failing);
    }

    [Fact]
    public void A_console_that_nobody_read_proves_no_stall()
    {
        var sketch = Stepped(spec => spec with { StallDeadlineSeconds = 60 });
        var decision = sketch.After(1000).Decide();
        Assert.Null(decision.Status.Failing);
        Assert.NotNull(decision.LookAgainAt);

        sketch.With(seen => seen with { Console = seen.Console! with { UnreadableSince = seen.Now } });
        sketch.Decide();
        Assert.Equal(ConditionStatus.Unknown, sketch.After(181).Decide().Status.Condition(ConditionTypes.StepStalled)?.Status);
        sketch.With(seen => seen with { Console = seen.Console! with { UnreadableSince = null, CoveredFrom = seen.Now, CoveredUntil = seen.Now } });
        Assert.Equal(ConditionStatus.False, sketch.Decide().Status.Condition(ConditionTypes.StepStalled)?.Status);
        Assert.Null(sketch.Status.Failing);
        Assert.NotNull(sketch.After(61).ReadAgain().Decide().Status.Failing);
    }

    [Fact]
    public void Zero_turns_the_stall_deadline_off()
    {
        Assert.Null(Stepped(spec => spec with { StallDeadlineSeconds = 0 }).After(1e6).ReadAgain().Decide().Status.Failing);
    }

    [Theory]
    // Twice HCCL's own timeout (1800 s by default).
    [InlineData(10, 12, null, 3600)]
    // Five medians; three times the longest.
    [InlineData(1000, 1100, null, 5000)]
    [InlineData(1000, 2000, null, 6000)]
    [InlineData(10, 12, "3000", 6000)]
    public void The_adaptive_deadline_lets_slow_steps_and_HCCL_speak(int median, int longest, string? hccl, double limit)
    {
        var sketch = Stepped(spec => spec with { Env = hccl is null ? null : [System.Text.Json.JsonDocument.Parse($$"""{"name":"HCCL_EXEC_TIMEOUT","value":"{{hccl}}"}""").RootElement] });
        sketch.WithStatus(status => status with { StepTimes = new StepTimes { Median = median, Longest = longest } });
        Assert.Null(sketch.After(limit).ReadAgain().Decide().Status.Failing);
        Assert.NotNull(sketch.After(1).ReadAgain().Decide().Status.Failing);
    }

    [Theory]
    [InlineData(null, 7200)]
    [InlineData(500, 4100)]
    public void A_save_that_is_due_gets_its_own_time(int? longestSave, double limit)
    {
        var sketch = Stepped(spec => spec with { Trainer = spec.Trainer with { SaveFrequency = 4, CheckpointDir = "/data/c" } }, step: 3);
        sketch.WithStatus(status => status with { StepTimes = new StepTimes { Median = 1, Longest = 1, LongestSave = longestSave } });
        Assert.Null(sketch.After(limit).ReadAgain().Decide().Status.Failing);
        Assert.NotNull(sketch.After(1).ReadAgain().Decide().Status.Failing);
    }

    [Fact]
    public void The_time_of_the_whole_job_is_summed_over_attempts_and_never_retried()
    {
        var sketch = Sketch.At(JobPhase.Running).WithSpec(spec => spec with { ActiveDeadlineSeconds = 200 });
        sketch.After(97).ChangePod(1, pod => pod with { Deleting = true }).ToTheEnd();
        var used = sketch.Status.ActiveSeconds;
        Assert.InRange(used, 100, 115);
        sketch.After(1000).RunsAgain();
        Assert.Null(sketch.After(200 - used - 3).Decide().Status.Failing);
        Assert.Equal(Reasons.ActiveDeadlineExceeded, sketch.After(1).Decide().Status.Failing?.Reason);
        Assert.Equal(JobPhase.Failed, sketch.After(10).PodsGone().Moved(s => s.Decide()).Status.Phase);
    }

    [Fact]
    public void Waiting_for_nodes_can_be_bounded_and_uses_no_attempt()
    {
        var sketch = Sketch.At(JobPhase.Pending).WithSpec(spec => spec with { Scheduling = new SchedulingSpec { PendingDeadlineSeconds = 100 } });
        sketch.Decide();
        sketch.WithTrainers(bound: false).Decide();
        Assert.Null(sketch.After(98).Decide().Status.Failing);
        Assert.Equal(Reasons.PendingDeadlineExceeded, sketch.After(10).Decide().Status.Failing?.Reason);
        sketch.After(10).PodsGone().Decide();
        Assert.Equal((JobPhase.Failed, 0), (sketch.Status.Phase, sketch.Status.AttemptsUsed));
        Assert.Null(sketch.Status.Attempts);
    }

    [Fact]
    public void A_cluster_without_a_trainer_has_no_deadlines_about_it()
    {
        var sketch = Sketch.At(JobPhase.Starting).With(seen => seen with { Job = seen.Job with { Spec = seen.Job.Spec! with { Launch = new LaunchSpec { Mode = LaunchMode.Hold }, StartupDeadlineSeconds = 10 } } });
        Assert.Null(sketch.After(100).Decide().Status.Failing);
    }

    [Fact]
    public void A_finished_job_goes_after_its_time_to_live()
    {
        var sketch = Sketch.At(JobPhase.Running).WithSpec(spec => spec with { TtlSecondsAfterFinished = 60 }).Ended(0, 0, Sketch.Verdict("Succeeded", 0, step: 12));
        sketch.Decide();
        Assert.DoesNotContain(sketch.After(60).Decide().Acts, act => act is Act.DeleteJob);
        Assert.Equal(Sketch.Uid, Assert.IsType<Act.DeleteJob>(Assert.Single(sketch.After(1).Decide().Acts)).Uid);
    }

    private static Sketch Stepped(Func<GrpoTrainingJobSpec, GrpoTrainingJobSpec> change, int step = 5)
    {
        var sketch = Sketch.At(JobPhase.Running).Moved(s => s.With(seen => seen with { Job = seen.Job with { Spec = change(seen.Job.Spec!) } }));
        sketch.WithStatus(status => status with { SpecHash = SpecHash.Of(sketch.Seen.Job.Spec!) }).Console(step).Decide();
        return sketch;
    }
}
