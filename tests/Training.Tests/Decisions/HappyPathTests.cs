using GrpoOperator.Crds;

namespace GrpoOperator.Training.Tests.Decisions;

public sealed class HappyPathTests
{
    [Theory]
    [InlineData(LaunchMode.Train, Reasons.TrainerLaunched)]
    [InlineData(LaunchMode.RayOnly, Reasons.RayClusterReady)]
    [InlineData(LaunchMode.Hold, Reasons.RayClusterReady)]
    public void What_runs_is_a_trainer_or_only_Ray(LaunchMode mode, string reason)
    {
        var sketch = Sketch.At(JobPhase.Starting).WithSpec(spec => spec with { Launch = spec.Launch with { Mode = mode } }).Ready(0).Ready(1).After(3);
        sketch.Decide();
        Assert.Equal((JobPhase.Running, reason), (sketch.Status.Phase, sketch.Status.Condition(ConditionTypes.Running)?.Reason));
    }

    [Fact]
    public void What_an_older_server_left_out_of_the_pods_is_told()
    {
        var sketch = Sketch.At(JobPhase.Pending).With(seen => seen with { Answers = seen.Answers with { DroppedFields = ["spec.hostUsers"] } });
        sketch.Decide();
        sketch.Decide();
        var warned = sketch.Status.Condition(ConditionTypes.Warned);
        Assert.Equal(Reasons.TemplateFieldDropped, warned?.Reason);
        Assert.Contains("spec.hostUsers", warned?.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(sketch.WithTrainers().Decide().Events, told => told.Reason == Reasons.TemplateFieldDropped);
    }

    [Fact]
    public void The_first_decision_makes_the_launch_config_and_the_inspection_and_nothing_that_asks_for_npus()
    {
        var decision = new Sketch().Decide();

        Assert.Equal(JobPhase.Preparing, decision.Status.Phase);
        Assert.Equal(1, decision.Status.Incarnation);
        Assert.Equal([ChildKind.LaunchConfig, ChildKind.InspectionJob], decision.Acts.Cast<Act.Create>().Select(act => act.Child));
    }

    [Fact]
    public void A_decision_that_was_carried_out_is_not_repeated()
    {
        foreach (var phase in new[] { JobPhase.Pending, JobPhase.Starting, JobPhase.Running })
        {
            var sketch = Sketch.At(phase);
            sketch.Decide();
            var again = sketch.After(1).Decide();

            Assert.Empty(again.Acts);
            Assert.Empty(again.Events);
            Assert.Equal(sketch.Status, again.Status);
        }
    }

    [Fact]
    public void Status_names_the_attempt_before_the_gang_is_made()
    {
        var sketch = new Sketch();
        sketch.Decide();
        var decision = sketch.WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection()).Decide();

        Assert.Equal(1, decision.Status.CurrentAttempt?.Number);
        Assert.Null(decision.Status.CurrentAttempt?.StatefulSetUID);
        Assert.Equal(0, decision.Status.AttemptsUsed);
        Assert.Equal([ChildKind.Service, ChildKind.NetworkPolicy, ChildKind.StatefulSet], decision.Acts.Cast<Act.Create>().Select(act => act.Child));
    }

    [Fact]
    public void A_second_job_on_the_same_weights_converts_nothing()
    {
        var sketch = new Sketch();
        sketch.Decide();
        var decision = sketch.WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection("Complete")).Decide();

        Assert.Equal(Reasons.CacheHit, decision.Status.Condition(ConditionTypes.WeightsReady)?.Reason);
        Assert.Contains(decision.Events, e => e.Reason == Reasons.CacheHit);
        Assert.DoesNotContain(decision.Acts, act => act is Act.Create { Child: ChildKind.ConversionJob });
    }

    [Fact]
    public void Missing_weights_are_converted_before_the_gang_asks_for_npus()
    {
        var sketch = new Sketch();
        sketch.Decide();
        var converting = sketch.WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection("Absent")).Decide();
        Assert.Equal(JobPhase.Converting, converting.Status.Phase);
        Assert.Equal(ChildKind.ConversionJob, Assert.IsType<Act.Create>(Assert.Single(converting.Acts)).Child);

        var done = sketch.WithJobEnd(ChildKind.ConversionJob, """{"v":1,"kind":"conversion","code":"Converted","message":"done"}""").Decide();
        Assert.True(done.Status.Is(ConditionTypes.WeightsReady));
        Assert.Contains(done.Acts, act => act is Act.Create { Child: ChildKind.StatefulSet });
    }

    [Fact]
    public void Data_is_prepared_only_when_it_is_asked_for_and_missing()
    {
        var sketch = new Sketch().WithSpec(spec => spec with { Data = spec.Data with { Prepare = new DataPrepareSpec { RawPath = "/data/raw", OutputDir = "/data/made" } } });
        sketch.Decide();
        var preparing = sketch.WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection("Complete", "Absent")).Decide();
        Assert.Equal(ChildKind.DataJob, Assert.IsType<Act.Create>(Assert.Single(preparing.Acts)).Child);

        var done = sketch.WithJobEnd(ChildKind.DataJob, """{"v":1,"kind":"data","code":"Prepared","message":"done"}""").Decide();
        Assert.True(done.Status.Is(ConditionTypes.DataReady));
        Assert.Contains(done.Acts, act => act is Act.Create { Child: ChildKind.StatefulSet });
    }

    [Fact]
    public void No_gang_is_made_while_a_pod_of_an_earlier_one_is_there()
    {
        var sketch = new Sketch();
        sketch.Decide();
        sketch.WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection());
        sketch.With(seen => seen with { Pods = [.. seen.Pods, sketch.Trainer(0) with { Owner = new ObservedOwner("StatefulSet", "math", "older"), Deleting = true }] });
        var waiting = sketch.Decide();
        Assert.Empty(waiting.Acts);
        Assert.Null(waiting.Status.CurrentAttempt);
        Assert.Equal(Reasons.WaitingForOldPods, waiting.Status.Condition(ConditionTypes.PodsScheduled)?.Reason);

        sketch.With(seen => seen with { Pods = [.. seen.Pods.Where(pod => pod.Ordinal < 0)] });
        Assert.Contains(sketch.Decide().Acts, act => act is Act.Create { Child: ChildKind.StatefulSet });
    }

    [Fact]
    public void Bound_pods_are_recorded_in_the_same_decision_that_seals_the_stateful_set()
    {
        var sketch = Sketch.At(JobPhase.Pending);
        sketch.Decide();
        var decision = sketch.WithTrainers().Decide();

        Assert.Equal(JobPhase.Starting, decision.Status.Phase);
        Assert.Equal(1, decision.Status.AttemptsUsed);
        Assert.Equal(["pod-0", "pod-1"], decision.Status.CurrentAttempt!.Pods!.Select(pod => pod.Uid), StringComparer.Ordinal);
        Assert.Equal(Sketch.SetUid, Assert.IsType<Act.Seal>(Assert.Single(decision.Acts)).StatefulSetUid);
    }

    [Fact]
    public void A_seal_that_was_lost_is_repeated()
    {
        var sketch = Sketch.At(JobPhase.Starting).With(seen => seen with { StatefulSet = seen.StatefulSet! with { Sealed = false } });
        Assert.IsType<Act.Seal>(Assert.Single(sketch.Decide().Acts));
    }

    [Fact]
    public void Rank_0_ready_means_running()
    {
        var sketch = Sketch.At(JobPhase.Starting);
        Assert.Equal(JobPhase.Starting, sketch.Ready(1).Decide().Status.Phase);
        var decision = sketch.Ready(0).Decide();

        Assert.Equal(JobPhase.Running, decision.Status.Phase);
        Assert.NotNull(decision.Status.CurrentAttempt!.LaunchTime);
        Assert.Equal("math-0", decision.Console?.PodName);
    }

    [Fact]
    public void A_readiness_flap_of_a_running_job_writes_nothing()
    {
        var sketch = Sketch.At(JobPhase.Running);
        var before = sketch.Status;
        var decision = sketch.ChangePod(1, pod => pod with { Ready = new ObservedCondition(false, null, null, Sketch.Start) }).After(5).Decide();
        Assert.Equal(before, decision.Status);
    }

    [Fact]
    public void Rank_0_that_ended_with_success_ends_the_job_and_removes_the_gang()
    {
        var decision = Sketch.At(JobPhase.Running).Ended(0, 0, Sketch.Verdict("Succeeded", 0, step: 12)).After(60).Decide();

        Assert.Equal(JobPhase.Succeeded, decision.Status.Phase);
        Assert.Equal("12/12", decision.Status.Progress?.Display);
        Assert.True(decision.Status.Is(ConditionTypes.Succeeded));
        Assert.Equal(ChildKind.StatefulSet, Assert.IsType<Act.Delete>(Assert.Single(decision.Acts)).Child);
        Assert.Null(Assert.Single(decision.Status.Attempts!).FailureClass);
        Assert.True(decision.Status.NpuSeconds!.Productive > 0);
    }

    [Fact]
    public void A_success_counts_while_the_pod_is_being_deleted()
    {
        var decision = Sketch.At(JobPhase.Running).Ended(0, 0, Sketch.Verdict("Succeeded", 0, step: 12)).ChangePod(0, pod => pod with { Deleting = true }).Decide();
        Assert.Equal(JobPhase.Succeeded, decision.Status.Phase);
    }

    [Fact]
    public void A_workers_end_after_the_head_succeeded_is_no_failure()
    {
        var decision = Sketch.At(JobPhase.Running).Ended(1, 1, Sketch.Verdict("HeadGone", 90)).Ended(0, 0, Sketch.Verdict("Succeeded", 0, step: 12)).Decide();
        Assert.Equal(JobPhase.Succeeded, decision.Status.Phase);
    }

    [Fact]
    public void Pods_of_a_finished_job_can_be_kept()
    {
        var sketch = Sketch.At(JobPhase.Running).WithSpec(spec => spec with { CleanPodPolicy = CleanPodPolicy.None });
        Assert.Empty(sketch.Ended(0, 0, Sketch.Verdict("Succeeded", 0, step: 12)).Decide().Acts);
        Assert.Empty(sketch.After(600).Decide().Acts);
    }

    [Fact]
    public void A_job_that_is_being_deleted_makes_nothing()
    {
        var decision = new Sketch().With(seen => seen with { Job = seen.Job with { Deleting = true } }).Decide();
        Assert.Empty(decision.Acts);
        Assert.Null(decision.Status.Phase);
    }
}
