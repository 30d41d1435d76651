using GrpoOperator.Crds;

namespace GrpoOperator.Training.Tests.Decisions.Stories;

/// <summary>From the StatefulSet to the launched trainer.</summary>
internal static class Gangs
{
    public static void A_gang_waits_for_nodes_and_says_why(Story story) => story
        .From(Sketch.At(JobPhase.Pending))
        .Then("The StatefulSet was made", job => job.After(1))
        .Then("Its pods fit nowhere", job => job.After(5).WithTrainers(bound: false))
        .Then("One has a node", job => job.After(5).WithPods(job.Trainer(0), job.Trainer(1, bound: false)))
        .Then("It stays so", job => job.After(10));

    public static void Pods_that_a_quota_refuses_are_named_before_those_that_wait(Story story) => story
        .From(Sketch.At(JobPhase.Pending))
        .When(job => job.Decide())
        .When(job => job.With(seen => seen with { PodRefusals = new Dictionary<ChildKind, PodRefusal> { [ChildKind.StatefulSet] = new(seen.Now, "exceeded quota: npus") } }))
        .Then("One of two was made", job => job.After(5).WithPods(job.Trainer(0, bound: false)))
        .Then("The quota was raised, the event is still there", job => job.After(60).WithTrainers(bound: false));

    public static void A_halved_gang_is_released_and_waits_no_longer_than_its_deadline(Story story) => story
        .From(Sketch.At(JobPhase.Pending).WithSpec(spec => spec with { Scheduling = new SchedulingSpec { PendingDeadlineSeconds = 330 } }))
        .When(job => job.Decide())
        .When(job => job.After(1).WithPods(job.Trainer(0), job.Trainer(1, bound: false)).Decide())
        .Then("The gang's time is over", job => job.After(301))
        .Then("Its pods are gone, the wait isn't over", job => job.After(1).PodsGone())
        .Then("The wait is over", job => job.With(seen => seen with { Now = job.Status.NextRetryTime!.Value }).PodsGone())
        .Then("The StatefulSet was made", job => job.After(1))
        .When(job => job.After(1).WithTrainers(bound: false).Decide())
        .Then("The deadline passes", job => job.After(60));

    public static void The_deadline_of_waiting_ends_a_released_gang_too(Story story) => story
        .From(Sketch.At(JobPhase.Pending).WithSpec(spec => spec with { Scheduling = new SchedulingSpec { PendingDeadlineSeconds = 302 }, FailurePolicy = new FailurePolicySpec(backoff: new BackoffSpec(200, 300)) }))
        .When(job => job.Decide())
        .When(job => job.WithPods(job.Trainer(0), job.Trainer(1, bound: false)).Decide())
        .Then("The gang's time is over", job => job.After(301))
        .Then("So is the deadline, before the gang may be made again", job => job.After(2).PodsGone());

    public static void The_old_gangs_pod_is_waited_for_by_name(Story story) => story
        .When(job => job.Decide())
        .When(job => job.WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection()))
        .Then("A finalizer holds it", job => job.WithPods(job.Trainer(0) with { Owner = new ObservedOwner("StatefulSet", "math", "older"), Deleting = true, HeldBy = ["batch.example/tracking", "example/backup"] }))
        .Then("Nothing holds it, but it is still there", job => job.ChangePod(0, pod => pod with { HeldBy = [] }))
        .Then("It is gone", job => job.PodsGone());

    public static void A_StatefulSet_that_somebody_deleted_is_made_again(Story story) => story
        .From(Sketch.At(JobPhase.Pending))
        .When(job => job.Decide())
        .Then("It is gone", job => job.After(5).With(seen => seen with { StatefulSet = null }))
        .Then("The server still has a pod of it", job => job.After(1).ServerHas(job.Trainer(0)))
        .Then("The server has only the inspection's pod", job => job.After(1).ServerHas(job.Seen.Pods[0]));

    public static void A_Service_and_a_NetworkPolicy_that_somebody_deleted_are_made_again(Story story) => story
        .From(Sketch.At(JobPhase.Running))
        .Then("Both are gone", job => job.With(seen => seen with { Service = null, NetworkPolicyExists = false }));

    public static void Without_its_Service_no_gang_is_made(Story story) => story
        .When(job => job.Decide())
        .When(job => job.WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection()).Refused(ChildKind.Service, RefusalKind.NameTaken, "it belongs to somebody else"))
        .Decide("The Service's name was taken a moment ago");

    public static void A_gang_that_nobody_waits_for_goes(Story story) => story
        .When(job => job.Decide())
        .Then("A StatefulSet of this incarnation appears before any was asked for", job => job.With(seen => seen with { StatefulSet = new ObservedStatefulSet("late", 1, Sealed: false, Deleting: false) }));

    public static void A_gang_that_runs_already_is_recorded_and_followed_at_once(Story story) => story
        .From(Sketch.At(JobPhase.Pending))
        .When(job => job.Decide())
        .Then("All pods are bound and ready when they are first seen", job => job.After(60).WithTrainers().Ready(0).Ready(1));

    public static void Containers_that_do_not_start_are_named_once(Story story) => story
        .From(Sketch.At(JobPhase.Starting))
        .Then("Nothing is new", job => job.After(1))
        .Then("An image can't be pulled", job => job.After(5).ChangePod(1, pod => pod with { Main = new ObservedContainer { WaitingReason = "ErrImagePull", WaitingMessage = "manifest unknown" } }))
        .Then("It is tried again", job => job.After(5).ChangePod(1, pod => pod with { Main = new ObservedContainer { WaitingReason = "ContainerCreating" } }))
        .Then("It could", job => job.After(60).ChangePod(1, pod => pod with { Main = new ObservedContainer { Running = true } }))
        .Then("Rank 0 launched the trainer", job => job.After(60).Ready(0));

    public static void A_held_up_Ray_cluster_needs_all_its_pods(Story story) => story
        .From(Sketch.At(JobPhase.Starting).With(seen => seen with { Job = seen.Job with { Spec = seen.Job.Spec! with { Launch = new LaunchSpec { Mode = LaunchMode.Hold } } } }))
        .When(job => job.WithStatus(status => status with { SpecHash = SpecHash.Of(job.Seen.Job.Spec!) }))
        .Then("Only rank 0 is ready", job => job.After(5).Ready(0))
        .Then("All are ready", job => job.After(5).Ready(1));

    public static void The_spec_may_change_while_a_released_gang_waits(Story story) => story
        .From(Sketch.At(JobPhase.Pending))
        .When(job => job.Decide())
        .When(job => job.WithPods(job.Trainer(0), job.Trainer(1, bound: false)).Decide())
        .When(job => job.After(301).Decide())
        .Then("It changes after the release", job => job.After(1).PodsGone().WithSpec(spec => spec with { Trainer = spec.Trainer with { TotalSteps = 99 } }))
        .Then("The wait is over", job => job.With(seen => seen with { Now = job.Status.NextRetryTime!.Value }).PodsGone());

    public static void A_job_of_one_pod_needs_nobody_else(Story story) => story
        .When(job => job.WithSpec(spec => spec with { Workers = spec.Workers with { Nodes = 1 } }).Decide())
        .When(job => job.WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection()).Decide())
        .When(job => job.Decide())
        .Then("Its pod has a node", job => job.WithPods(job.Trainer(0)))
        .Then("It is ready", job => job.After(60).Ready(0))
        .Then("Nothing is new", job => job.After(60));
}
