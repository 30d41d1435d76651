using GrpoOperator.Crds;

namespace GrpoOperator.Training.Tests.Decisions.Stories;

/// <summary>The CPU work before any NPU: launch ConfigMap and inspection.</summary>
internal static class Preparation
{
    public static void A_job_with_everything_in_place_lives_from_its_first_look_to_its_success(Story story) => story
        .Decide("The job is new")
        .Then("The inspection found everything", job => job.After(30).WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection()))
        .Then("The StatefulSet was made", job => job.After(1))
        .Then("All pods have nodes", job => job.After(5).WithTrainers())
        .Then("Rank 0 launched the trainer", job => job.After(60).Ready(0).Ready(1))
        .Then("A step was read", job => job.After(300).Console(step: 1))
        .Then("The trainer ended", job => job.After(3000).Ended(0, 0, Sketch.Verdict("Succeeded", 0, step: 12)));

    public static void An_inspection_that_is_not_wanted_is_left_out(Story story) => story
        .When(job => job.WithSpec(spec => spec with { Inspection = new InspectionSpec { Policy = InspectionPolicy.Skip } }))
        .Decide("The job is new");

    public static void An_inspection_waits_for_its_image_and_says_so(Story story) => story
        .When(job => job.Decide())
        .Then("Its pod can't pull", job => job.After(5).WithJobPod(ChildKind.InspectionJob, pod => pod with { Main = new ObservedContainer { WaitingReason = "ErrImagePull", WaitingMessage = "manifest unknown" } }))
        .Then("Its pod runs", job => job.After(5).WithJobPod(ChildKind.InspectionJob, pod => pod with { Main = new ObservedContainer { Running = true } }));

    public static void The_only_pod_of_an_inspection_is_refused(Story story) => story
        .When(job => job.With(seen => seen with { PodRefusals = new Dictionary<ChildKind, PodRefusal> { [ChildKind.InspectionJob] = new(seen.Now, "exceeded quota: pods") } }))
        .When(job => job.Decide())
        .Decide("The Job was made, its pod was not");

    public static void An_inspection_Job_that_is_refused_is_tried_again_later(Story story) => story
        .When(job => job.Refused(ChildKind.InspectionJob, RefusalKind.Forbidden, "jobs.batch is forbidden"))
        .Decide("The Job was refused a moment ago")
        .Then("The wait is over", job => job.After(31));

    public static void A_launch_ConfigMap_that_is_refused_holds_everything_up(Story story) => story
        .When(job => job.Refused(ChildKind.LaunchConfig, RefusalKind.NameTaken, "it belongs to somebody else"))
        .Decide("Its name was taken a moment ago")
        .Then("The wait is over: it is made, and nothing that would mount it", job => job.After(31));

    public static void A_launch_ConfigMap_that_is_going_is_waited_for(Story story) => story
        .When(job => job.With(seen => seen with { LaunchConfig = new ObservedConfigMap("config-0", "another", Deleting: true) }))
        .Decide("Somebody deleted it");

    public static void Storage_with_errors_is_looked_at_again_and_again(Story story) => story
        .When(job => job.Decide())
        .Then("Two errors were found", job => job.After(20).WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection(findings: Missing + "," + Pointer)))
        .Then("Before its time nothing is made", job => job.After(59))
        .Then("It is looked at again", job => job.After(1))
        .Then("The second look runs", job => job.After(10).WithJobPod(ChildKind.InspectionJob, pod => pod with { Main = new ObservedContainer { Running = true } }))
        .Then("The second look found one", job => job.After(20).WithoutJobPods().WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection(findings: Missing)))
        .Then("The third look", job => job.After(120))
        .Then("It broke", job => job.After(5).WithoutJobPods().WithJobEnd(ChildKind.InspectionJob, "Traceback", exitCode: 1))
        .Then("That waits as long as an error does", job => job.After(239))
        .Then("The fourth look", job => job.After(1))
        .Then("The storage was repaired, with one thing to know", job => job.After(5).WithoutJobPods().WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection(findings: Full)));

    public static void An_inspection_that_breaks_is_given_up_after_three_tries(Story story) => story
        .When(job => job.Decide())
        .Then("It was killed", job => job.After(5).WithJobEnd(ChildKind.InspectionJob, message: null, exitCode: 137, reason: "OOMKilled"))
        .Then("Its pod is gone", job => job.After(5).WithoutJobPods().JobIsOver(ChildKind.InspectionJob))
        .Then("It said nothing that can be read", job => job.After(5).WithoutJobPods().WithJobEnd(ChildKind.InspectionJob, "Traceback", exitCode: 1));

    public static void A_spec_that_is_corrected_while_its_storage_is_looked_at_waits_for_that_look_to_go(Story story) => story
        .When(job => job.Decide())
        .When(job => job.After(20).WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection(findings: Missing)).Decide())
        .When(job => job.After(60).Decide())
        .Then("The second look runs, and the spec is corrected", job => job.After(5)
            .WithJobPod(ChildKind.InspectionJob, pod => pod with { Main = new ObservedContainer { Running = true } })
            .WithSpec(spec => spec with { Model = spec.Model with { Path = "/weight/y" } }))
        .Then("The Job is gone, its pod isn't", job => job.After(1))
        .Then("The pod is gone too", job => job.After(1).WithoutJobPods());

    private const string Missing = """{"rule":"ModelPathNotFound","severity":"Error","message":"/weight/x: not found"}""";
    private const string Pointer = """{"rule":"WeightsArePointers","severity":"Error","message":"/weight/x/model-1.safetensors is a git-LFS pointer"}""";
    private const string Full = """{"rule":"CheckpointSpaceLow","severity":"Warning","message":"/data/c has room for two checkpoints"}""";
}
