using GrpoOperator.Crds;

namespace GrpoOperator.Training.Tests.Decisions.Stories;

/// <summary>Specs that break rules, that only give warnings, or that were changed where they may not be.</summary>
internal static class Rules
{
    public static void Broken_rules_are_named_together_until_they_are_corrected(Story story) => story
        .When(job => job.WithSpec(spec => spec with { Trainer = spec.Trainer with { TotalSteps = null }, Actor = spec.Actor with { PpoMiniBatchSize = 32 } }))
        .Decide("Two rules are broken")
        .Then("They are corrected", job => job.After(60).WithSpec(_ => Sketch.Spec()));

    public static void A_spec_that_cannot_be_read_says_at_least_that(Story story) => story
        .When(job => job.With(seen => seen with { Job = seen.Job with { Spec = null } }))
        .Decide("The job is new");

    public static void A_job_that_runs_outlives_a_spec_that_cannot_be_read(Story story) => story
        .From(Sketch.At(JobPhase.Running))
        .When(job => job.With(seen => seen with { Job = seen.Job with { Spec = null, DecodeError = "spec.workers.nodes: not a number" } }))
        .Decide("The spec was spoilt");

    public static void What_is_allowed_but_hardly_meant_is_warned_of_until_it_is_changed(Story story) => story
        .When(job => job.WithSpec(spec => GroupsOfOne(spec) with { VerlVersion = "0.99.0", Suspend = true }).Decide())
        .Then("The job may run: two warnings", job => job.After(60).WithSpec(spec => spec with { Suspend = false }))
        .Then("The inspection adds one", job => job.After(5).WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection(findings: """{"rule":"CheckpointSpaceLow","severity":"Warning","message":"/data/c has room for two checkpoints"}""")))
        .Then("Nothing is told twice", job => job.After(1))
        .When(job => job.WithSpec(spec => spec with { Suspend = true }).Decide())
        .When(job => job.After(5).WithoutJobPods().PodsGone().Decide())
        .Then("They were heeded", job => job.After(60).WithSpec(_ => Sketch.Spec()));

    public static void Findings_that_the_user_ignores_and_open_ports_are_warnings(Story story) => story
        .When(job => job.With(seen => seen with { Cluster = seen.Cluster with { Allowed = new AllowedPodFields { HostNetwork = true } } })
            .WithSpec(spec => spec with { Workers = spec.Workers with { HostNetwork = true }, Validation = new ValidationSpec { Ignore = ["ModelPathNotFound"] } }).Decide())
        .Then("The inspection found an error that is ignored", job => job.After(5).WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection(findings: """{"rule":"ModelPathNotFound","severity":"Error","message":"/weight/x: not found"}""")));

    public static void What_the_server_left_out_of_the_pods_is_told_once(Story story) => story
        .From(Sketch.At(JobPhase.Pending))
        .Then("Two fields were dropped", job => job.With(seen => seen with { Answers = seen.Answers with { DroppedFields = ["spec.hostUsers", "spec.resources"] } }))
        .Then("It is known", job => job.After(1));

    public static void What_the_server_left_out_comes_after_the_warnings_before(Story story) => story
        .When(job => job.WithSpec(GroupsOfOne).Decide())
        .When(job => job.WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection()).Decide())
        .Then("A field was dropped", job => job.With(seen => seen with { Answers = seen.Answers with { DroppedFields = ["spec.hostUsers"] } }));

    public static void A_spec_that_changes_while_its_gang_runs_waits_for_a_suspend(Story story) => story
        .From(Sketch.At(JobPhase.Running))
        .Then("The batch is doubled", job => job.WithSpec(Doubled))
        .Then("Nothing is said twice", job => job.After(1))
        .Then("It is taken back", job => job.After(60).WithSpec(_ => Sketch.Spec()));

    public static void A_spec_that_changes_during_the_inspection_holds_everything_up(Story story) => story
        .When(job => job.Decide())
        .Then("The batch is doubled", job => job.WithSpec(Doubled))
        .Then("It is taken back", job => job.After(60).WithSpec(_ => Sketch.Spec()));

    private static GrpoTrainingJobSpec GroupsOfOne(GrpoTrainingJobSpec spec) => Doubled(spec) with
    {
        Rollout = spec.Rollout with { SamplesPerPrompt = 1 },
        Actor = spec.Actor with { PpoMiniBatchSize = 32 },
    };

    private static GrpoTrainingJobSpec Doubled(GrpoTrainingJobSpec spec) => spec with { Data = spec.Data with { TrainBatchSize = 32 } };
}
