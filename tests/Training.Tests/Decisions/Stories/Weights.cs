using GrpoOperator.Crds;

namespace GrpoOperator.Training.Tests.Decisions.Stories;

/// <summary>The converted weights: found, made, or left to verl.</summary>
internal static class Weights
{
    public static void Missing_weights_are_converted_before_the_gang_is_made(Story story) => Converting(story)
        .Then("The Job runs", job => job.After(5).WithJobPod(ChildKind.ConversionJob, pod => pod with { Main = new ObservedContainer { Running = true } }))
        .Then("It is done", job => job.After(600).WithoutJobPods().WithJobEnd(ChildKind.ConversionJob, """{"v":1,"kind":"conversion","code":"Converted","message":"48 layers were converted in 600 s"}"""));

    public static void Somebody_else_converted_the_same_weights_meanwhile(Story story) => Converting(story)
        .Then("The Job found them", job => job.After(5).WithJobEnd(ChildKind.ConversionJob, """{"v":1,"kind":"conversion","code":"CacheHit","message":"another job was faster"}"""));

    public static void A_conversion_that_says_nothing_is_done_all_the_same(Story story) => Converting(story)
        .Then("The Job ended well", job => job.After(5).WithJobEnd(ChildKind.ConversionJob, """{"v":1,"kind":"conversion","code":"Converted"}"""));

    public static void A_conversion_fails_in_every_way_and_ends_the_job(Story story) => Converting(story, retries: 3)
        .Then("It was killed", job => job.After(5).WithJobEnd(ChildKind.ConversionJob, message: null, exitCode: 137, reason: "OOMKilled"))
        .Then("Its pod is gone", job => job.After(5).WithoutJobPods().JobIsOver(ChildKind.ConversionJob))
        .Then("It could not be read", job => job.After(5).WithoutJobPods().WithJobEnd(ChildKind.ConversionJob, "RuntimeError: boom\n", exitCode: 1))
        .Then("It failed with a verdict", job => job.After(5).WithoutJobPods().WithJobEnd(ChildKind.ConversionJob, """{"v":1,"kind":"conversion","code":"ConversionFailed","message":"the converter ended","log":"OSError: no space\n"}""", exitCode: 1));

    public static void A_conversion_that_meets_weights_of_another_model_is_not_tried_again(Story story) => Converting(story)
        .Then("It says so", job => job.After(5).WithJobEnd(ChildKind.ConversionJob, """{"v":1,"kind":"conversion","code":"WeightsOfOtherModel","message":"made from /weight/z"}""", exitCode: 70));

    public static void A_conversion_waits_for_a_node_and_says_so(Story story) => Converting(story)
        .Then("No node has an NPU", job => job.After(5).WithJobPod(ChildKind.ConversionJob, pod => pod with
        {
            Node = null,
            Scheduled = new ObservedCondition(false, "Unschedulable", "0/2 nodes are available: 2 Insufficient huawei.com/Ascend910.", Sketch.Start),
        }));

    public static void A_conversion_Job_that_is_refused_is_tried_again_later(Story story) => story
        .When(job => job.Decide())
        .When(job => job.After(5).WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection("Absent")).Refused(ChildKind.ConversionJob, RefusalKind.Admission, "exceeded quota: npus"))
        .Decide("The Job was refused a moment ago");

    public static void Weights_of_which_nobody_knows_the_source_are_used_with_a_warning(Story story) => Inspected(story, spec => spec, "Unverified");

    public static void A_strategy_without_Megatron_converts_nothing(Story story) => Inspected(
        story,
        spec => spec with { Strategy = Strategy.FSDP, Model = spec.Model with { DistCheckpointPath = null } },
        "Absent");

    public static void Megatron_with_MBridge_converts_nothing(Story story) => Inspected(
        story,
        spec => spec with { Model = spec.Model with { Weights = WeightsMode.MBridge, DistCheckpointPath = null } },
        "Absent");

    public static void Without_inspection_and_conversion_the_launcher_looks_at_the_weights(Story story) => story
        .When(job => job.WithSpec(spec => spec with
        {
            Inspection = new InspectionSpec { Policy = InspectionPolicy.Skip },
            Conversion = new ConversionSpec { Policy = ConversionPolicy.Never },
        }))
        .Decide("The job is new");

    private static void Inspected(Story story, Func<GrpoTrainingJobSpec, GrpoTrainingJobSpec> change, string weights) => story
        .When(job => job.WithSpec(change).Decide())
        .Then("The inspection is done", job => job.After(5).WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection(weights)));

    private static Story Converting(Story story, int retries = 2) => story
        .When(job => job.WithSpec(spec => spec with { Conversion = new ConversionSpec(retries: retries) }).Decide())
        .Then("The inspection found no converted weights", job => job.After(5).WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection("Absent")))
        .When(job => job.WithoutJobPods());
}
