using GrpoOperator.Crds;

namespace GrpoOperator.Training.Tests.Decisions.Stories;

/// <summary><c>spec.suspend</c>, from the wish to the next incarnation.</summary>
internal static class Suspension
{
    public static void A_running_job_is_suspended_and_resumed(Story story) => story
        .From(Sketch.At(JobPhase.Running))
        .When(job => job.With(seen => seen with { Console = new ConsoleReading { PodUid = "pod-0", UnreadableSince = seen.Now } }).After(200).Decide())
        .Then("The user suspends it", job => job.After(100).WithSpec(spec => spec with { Suspend = true }))
        .Then("Its pods are going", job => job.After(1).ChangePod(0, pod => pod with { Deleting = true }))
        .Then("The cache has none any more", job => job.After(1).With(seen => seen with { Pods = [] }))
        .Then("Neither has the server", job => job.After(1).PodsGone())
        .Then("It stays suspended", job => job.After(3600))
        .Then("The user resumes it", job => job.After(1).WithSpec(spec => spec with { Suspend = false }));

    public static void Nothing_is_over_while_anything_is_seen(Story story) => story
        .From(Sketch.At(JobPhase.Running))
        .When(job => job.WithSpec(spec => spec with { Suspend = true }).Decide())
        .Then("The server has no pod, the cache has", job => job.After(2).ServerHas())
        .Then("The server has no pod, the cache has an evicted one", job => job.After(2).ServerHas().ChangePod(0, pod => pod with { Phase = "Failed" }))
        .Then("No pod is left, but the StatefulSet is", job => job.After(2).PodsGone().With(seen => seen with { StatefulSet = new ObservedStatefulSet(Sketch.SetUid, 1, Sealed: true, Deleting: true) }))
        .Then("The server says that a pod fails, which still holds its NPUs", job => job.After(2).With(seen => seen with { StatefulSet = null }).ServerHas(job.Trainer(1) with { Phase = "Failed" }))
        .Then("The server knows only Jobs' pods that are over", job => job.After(2).ServerHas(OfJob("Succeeded"), OfJob("Failed")));

    public static void A_job_is_suspended_during_its_inspection(Story story) => story
        .When(job => job.Decide())
        .When(job => job.WithJobPod(ChildKind.InspectionJob, pod => pod with { Main = new ObservedContainer { Running = true } }))
        .Then("The user suspends it", job => job.After(5).WithSpec(spec => spec with { Suspend = true }))
        .Then("The Job is gone, its pod isn't", job => job.After(1))
        .Then("Neither is in the cache", job => job.After(1).WithoutJobPods())
        .Then("The server has a pod that has ended", job => job.After(1).ServerHas(OfJob("Failed")))
        .Then("The user resumes it", job => job.After(60).WithSpec(spec => spec with { Suspend = false }));

    public static void An_invalid_job_is_suspended_at_once(Story story) => story
        .When(job => job.WithSpec(spec => spec with { Trainer = spec.Trainer with { TotalSteps = null } }).Decide())
        .Then("The user suspends it", job => job.After(5).WithSpec(spec => spec with { Suspend = true }));

    private static ObservedPod OfJob(string phase) => new() { Name = "math-inspect-x1y2z", Uid = "of-job", Owner = new ObservedOwner("Job", "math-inspect", "inspect"), Phase = phase };
}
