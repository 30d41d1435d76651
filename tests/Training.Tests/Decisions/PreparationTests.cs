using GrpoOperator.Crds;

namespace GrpoOperator.Training.Tests.Decisions;

public sealed class PreparationTests
{
    private const string MissingModel = """{"rule":"ModelPathNotFound","severity":"Error","message":"/weight/x: not found"}""";

    [Fact]
    public void A_spec_that_cannot_be_decoded_is_invalid_and_makes_nothing()
    {
        var decision = new Sketch().With(seen => seen with { Job = seen.Job with { Spec = null, DecodeError = "spec.workers.nodes: not a number" } }).Decide();

        Assert.Equal(JobPhase.Invalid, decision.Status.Phase);
        Assert.Equal("spec.workers.nodes: not a number", decision.Status.Condition(ConditionTypes.Valid)?.Message);
        Assert.Empty(decision.Acts);
    }

    [Fact]
    public void A_running_job_is_never_ended_by_a_spec_that_cannot_be_decoded()
    {
        var decision = Sketch.At(JobPhase.Running).With(seen => seen with { Job = seen.Job with { Spec = null, DecodeError = "no" } }).Decide();
        Assert.Equal(JobPhase.Running, decision.Status.Phase);
        Assert.Empty(decision.Acts);
    }

    [Fact]
    public void An_error_of_the_inspection_makes_the_job_invalid_until_the_storage_is_repaired()
    {
        var sketch = new Sketch();
        sketch.Decide();
        var found = sketch.WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection(findings: MissingModel)).Decide();
        Assert.Equal(JobPhase.Invalid, found.Status.Phase);
        Assert.Equal("ModelPathNotFound", found.Status.Condition(ConditionTypes.Inspected)?.Reason);
        Assert.Contains("/weight/x: not found", found.Status.Condition(ConditionTypes.Inspected)!.Message, StringComparison.Ordinal);
        Assert.Empty(found.Acts);
        Assert.Equal(Sketch.Start.AddSeconds(60), found.LookAgainAt);

        Assert.Empty(sketch.After(59).Decide().Acts);
        var again = sketch.After(1).Decide();
        Assert.Equal([typeof(Act.Delete), typeof(Act.Create)], again.Acts.Select(act => act.GetType()));
        Assert.Equal(JobPhase.Invalid, again.Status.Phase);

        sketch.With(seen => seen with { Pods = [] });
        var repaired = sketch.WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection()).Decide();
        Assert.True(repaired.Status.Is(ConditionTypes.Inspected));
        Assert.Equal(JobPhase.Pending, repaired.Status.Phase);
    }

    [Fact]
    public void What_the_model_says_of_itself_is_held_against_the_spec()
    {
        var sketch = new Sketch().WithSpec(spec => spec with { Actor = spec.Actor with { Parallelism = new ModelParallelism { Tensor = 4, Pipeline = 2 } } });
        sketch.Decide();
        var found = sketch.WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection().Replace("\"layers\":48", "\"layers\":47,\"attentionHeads\":30", StringComparison.Ordinal)).Decide();

        Assert.Equal(JobPhase.Invalid, found.Status.Phase);
        Assert.Equal("AttentionHeads", found.Status.Condition(ConditionTypes.Inspected)?.Reason);
        Assert.Contains("attention heads 30 are not divisible by actor.parallelism.tensor 4", found.Status.Condition(ConditionTypes.Inspected)!.Message, StringComparison.Ordinal);
        Assert.Equal(["AttentionHeads", "ModelLayers"], found.Status.Inspection!.Findings!.Select(finding => finding.Rule));
        Assert.Empty(found.Acts);
    }

    /// <summary>What the launcher says of its own failure is JSON too, and no result.</summary>
    [Fact]
    public void An_inspection_that_ran_out_of_time_has_not_passed()
    {
        var sketch = new Sketch();
        sketch.Decide();
        var broken = sketch.WithJobEnd(ChildKind.InspectionJob, """{"v":1,"kind":"inspection","code":"InspectionTimeout","message":"after 120 s still looking at /data"}""", exitCode: 100).Decide();

        Assert.Equal((ConditionStatus.Unknown, Reasons.Inspecting), (broken.Status.Condition(ConditionTypes.Inspected)!.Status, broken.Status.Condition(ConditionTypes.Inspected)!.Reason));
        Assert.Contains("ended with exit code 100 (Error): InspectionTimeout: after 120 s still looking at /data; try 2 follows", broken.Status.Condition(ConditionTypes.Inspected)!.Message, StringComparison.Ordinal);
        Assert.Equal(2, broken.Status.Inspection!.Tries);
    }

    [Fact]
    public void A_look_that_breaks_leaves_what_was_found_before_and_comes_again_as_late()
    {
        var sketch = new Sketch();
        sketch.Decide();
        sketch.WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection(findings: MissingModel)).Decide();
        sketch.After(60).Decide();
        sketch.With(seen => seen with { Pods = [] });

        var broken = sketch.WithJobEnd(ChildKind.InspectionJob, "Traceback", exitCode: 1).Decide();
        Assert.Equal(JobPhase.Invalid, broken.Status.Phase);
        Assert.Equal("ModelPathNotFound", broken.Status.Condition(ConditionTypes.Inspected)?.Reason);
        Assert.Contains("what was found before still holds: ModelPathNotFound", broken.Status.Condition(ConditionTypes.Inspected)!.Message, StringComparison.Ordinal);
        Assert.Empty(broken.Acts);
        Assert.Equal(Sketch.Start.AddSeconds(60 + 120), broken.LookAgainAt);
    }

    [Fact]
    public void A_finding_that_the_user_ignores_only_warns()
    {
        var sketch = new Sketch().WithSpec(spec => spec with { Validation = new ValidationSpec { Ignore = ["ModelPathNotFound"] } });
        sketch.Decide();
        var decision = sketch.WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection(findings: MissingModel)).Decide();
        Assert.Equal(JobPhase.Pending, decision.Status.Phase);
        Assert.True(decision.Status.Is(ConditionTypes.Warned));
    }

    [Fact]
    public void A_corrected_spec_is_inspected_anew_and_the_old_result_is_not_taken()
    {
        var sketch = new Sketch();
        sketch.Decide();
        sketch.WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection(findings: MissingModel)).Decide();
        var corrected = sketch.WithSpec(spec => spec with { Model = spec.Model with { Path = "/weight/y" } }).Decide();

        Assert.Equal(JobPhase.Preparing, corrected.Status.Phase);
        Assert.Contains(corrected.Acts, act => act is Act.Create { Child: ChildKind.InspectionJob });
        Assert.Contains(corrected.Acts, act => act is Act.Delete { Child: ChildKind.InspectionJob });
        Assert.Contains(corrected.Acts, act => act is Act.ReplaceConfigMap);
    }

    [Fact]
    public void An_inspection_that_breaks_is_tried_three_times_and_then_the_job_goes_on()
    {
        var sketch = new Sketch();
        sketch.Decide();
        for (var @try = 1; @try <= 2; @try++)
        {
            var next = sketch.WithJobEnd(ChildKind.InspectionJob, "Traceback (most recent call last)", exitCode: 1).Decide();
            Assert.Equal(JobPhase.Preparing, next.Status.Phase);
            Assert.Equal(@try + 1, next.Status.Inspection?.Tries);
            sketch.With(seen => seen with { Pods = [] });
        }

        var last = sketch.WithJobEnd(ChildKind.InspectionJob, "Traceback", exitCode: 1).Decide();
        Assert.Equal(Reasons.InspectionBroken, last.Status.Condition(ConditionTypes.Inspected)?.Reason);
        Assert.Equal(JobPhase.Converting, last.Status.Phase);
    }

    [Fact]
    public void A_conversion_that_fails_by_configuration_is_not_tried_again()
    {
        var sketch = Converting();
        var decision = sketch.WithJobEnd(ChildKind.ConversionJob, """{"v":1,"kind":"conversion","code":"WeightsOfOtherModel","message":"made from /weight/z"}""", exitCode: 70).Decide();
        Assert.Equal(JobPhase.Failed, decision.Status.Phase);
        Assert.Equal("WeightsOfOtherModel", decision.Status.Condition(ConditionTypes.Failed)?.Reason);
    }

    [Fact]
    public void A_conversion_that_fails_otherwise_is_tried_as_often_as_asked()
    {
        var sketch = Converting();
        for (var @try = 1; @try <= 2; @try++)
        {
            var next = sketch.WithJobEnd(ChildKind.ConversionJob, "No space left", exitCode: 1).Decide();
            Assert.Equal(@try + 1, next.Status.ConversionTries);
            Assert.Contains(next.Acts, act => act is Act.Create { Child: ChildKind.ConversionJob });
            sketch.With(seen => seen with { Pods = [] });
        }

        var last = sketch.WithJobEnd(ChildKind.ConversionJob, "No space left", exitCode: 1).Decide();
        Assert.Equal(JobPhase.Failed, last.Status.Phase);
        Assert.Contains("No space left", last.Status.Condition(ConditionTypes.Failed)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_somebody_else_took_is_named_and_tried_again_later()
    {
        var sketch = new Sketch();
        var refusal = new RefusedWrite(Sketch.Start, RefusalKind.NameTaken, "it belongs to somebody else");
        sketch.With(seen => seen with { Answers = new Answers { Refused = new Dictionary<ChildKind, RefusedWrite> { [ChildKind.LaunchConfig] = refusal } } });
        var decision = sketch.Decide();

        Assert.Equal(Reasons.ChildNameConflict, decision.Status.Condition(ConditionTypes.Inspected)?.Reason);
        Assert.Contains("math-launch", decision.Status.Condition(ConditionTypes.Inspected)!.Message, StringComparison.Ordinal);
        Assert.Empty(decision.Acts);
        Assert.Equal(Sketch.Start.AddSeconds(31), decision.LookAgainAt);
        Assert.NotEmpty(sketch.After(31).Decide().Acts);
    }

    [Theory]
    [InlineData("ImagePullBackOff", "manifest unknown", Reasons.ImagePullFailed)]
    [InlineData("CreateContainerConfigError", "secret \"x\" not found", Reasons.ContainerConfigError)]
    public void A_container_that_cannot_start_is_named(string waiting, string message, string reason)
    {
        var sketch = Sketch.At(JobPhase.Starting).ChangePod(1, pod => pod with { Main = new ObservedContainer { WaitingReason = waiting, WaitingMessage = message } });
        var decision = sketch.Decide();
        var condition = decision.Status.Condition(ConditionTypes.PodsReady)!;
        Assert.Equal(reason, condition.Reason);
        Assert.Contains("math-1", condition.Message, StringComparison.Ordinal);
        Assert.Contains(message, condition.Message, StringComparison.Ordinal);
        Assert.Contains(decision.Events, e => e.Warning && e.Reason == reason);
    }

    [Fact]
    public void Pods_that_cannot_be_scheduled_or_made_are_named()
    {
        var sketch = Sketch.At(JobPhase.Pending);
        sketch.Decide();
        var unschedulable = sketch.WithTrainers(bound: false).Decide();
        Assert.Equal(Reasons.Unschedulable, unschedulable.Status.Condition(ConditionTypes.PodsScheduled)?.Reason);

        sketch.With(seen => seen with
        {
            Pods = [],
            PodRefusals = new Dictionary<ChildKind, PodRefusal> { [ChildKind.StatefulSet] = new(seen.Now, "exceeded quota: npus") },
        });
        Assert.Equal(Reasons.PodsRefused, sketch.Decide().Status.Condition(ConditionTypes.PodsScheduled)?.Reason);
    }

    [Fact]
    public void A_gang_whose_create_was_lost_in_a_crash_is_made_again()
    {
        var sketch = Sketch.At(JobPhase.Pending).With(seen => seen with { StatefulSet = null });
        Assert.Equal(ChildKind.StatefulSet, Assert.IsType<Act.Create>(Assert.Single(sketch.Decide().Acts)).Child);
    }

    [Fact]
    public void A_stateful_set_that_was_deleted_before_its_pods_were_bound_is_made_again_once_no_pod_of_it_lives()
    {
        var sketch = Sketch.At(JobPhase.Pending);
        sketch.Decide();
        sketch.With(seen => seen with { StatefulSet = null });
        var asking = sketch.Decide();
        Assert.Empty(asking.Acts);
        Assert.Single(asking.Questions);

        sketch.With(seen => seen with { Answers = new Answers { Pods = new PodsAnswer(seen.Now, []) } });
        Assert.Contains(sketch.Decide().Acts, act => act is Act.Create { Child: ChildKind.StatefulSet });
    }

    [Fact]
    public void A_Job_whose_pod_is_missed_is_given_up_only_by_an_answer_from_after_its_end()
    {
        var sketch = Converting();
        sketch.Decide();
        var job = sketch.Seen.BatchJobs[ChildKind.ConversionJob];
        // Asked for another reason, a moment before this Job had its pod.
        sketch.With(seen => seen with
        {
            BatchJobs = new Dictionary<ChildKind, ObservedBatchJob>(seen.BatchJobs) { [ChildKind.ConversionJob] = job with { Outcome = BatchJobOutcome.Complete } },
            Answers = seen.Answers with { Pods = new PodsAnswer(seen.Now, []) },
        });
        var asking = sketch.Decide();
        Assert.Equal(job.Uid, Assert.IsType<Question.PodsNow>(Assert.Single(asking.Questions)).OverJob);
        Assert.DoesNotContain(asking.Events, told => told.Reason == Reasons.ConversionFailed);

        sketch.With(seen => seen with { Answers = seen.Answers with { Pods = new PodsAnswer(seen.Now, [], job.Uid) } });
        Assert.Contains(sketch.Decide().Events, told => told.Reason == Reasons.ConversionFailed);
    }

    private static Sketch Converting()
    {
        var sketch = new Sketch();
        sketch.Decide();
        sketch.WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection("Absent")).Decide();
        return sketch;
    }
}
