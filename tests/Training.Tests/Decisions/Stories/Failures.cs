using GrpoOperator.Crds;

namespace GrpoOperator.Training.Tests.Decisions.Stories;

/// <summary>From what broke a gang to the next one, or to the end.</summary>
internal static class Failures
{
    public static void A_failed_gang_is_removed_and_made_again(Story story) => story
        .From(Sketch.At(JobPhase.Running))
        .Then("Rank 1 failed", job => job.After(100).Ended(1, 3, Sketch.Verdict("TrainerFailed", 3, step: 4, log: "Traceback\\nAssertionError: boom")))
        .Then("The cache has no pod any more", job => job.After(10).With(seen => seen with { Pods = [] }))
        .Then("Neither has the server", job => job.After(1).PodsGone())
        .Then("The back-off is over", job => job.With(seen => seen with { Now = job.Status.NextRetryTime!.Value }).PodsGone())
        .Then("The StatefulSet was made", job => job.After(1))
        .Then("All pods have nodes, one has no container yet", job => job.After(5).WithTrainers().Renamed(2).ChangePod(1, pod => pod with { Main = null }))
        .Then("Rank 0 launched the trainer", job => job.After(60).Ready(0).Ready(1));

    public static void A_job_without_restarts_left_fails(Story story) => story
        .From(Sketch.At(JobPhase.Running).WithSpec(spec => spec with { FailurePolicy = new FailurePolicySpec(maxRestarts: 0) }))
        .Then("Rank 0 failed", job => job.After(100).Ended(0, 139, message: "Segmentation fault\ncore dumped"))
        .Then("Its pods are gone", job => job.After(10).PodsGone());

    public static void A_requested_restart_is_no_warning_and_holds_no_pods(Story story) => story
        .From(Sketch.At(JobPhase.Running).WithSpec(spec => spec with { FailurePolicy = new FailurePolicySpec { HoldSeconds = 60 } }))
        .Then("The user asks for it", job => job.After(100).Requested("monday"))
        .Then("Its pods are gone", job => job.After(10).PodsGone());

    public static void A_worker_that_lost_its_head_waits_for_the_heads_own_words(Story story) => story
        .From(Sketch.At(JobPhase.Running).WithNode("node-1").WithNode("node-2"))
        .Then("Rank 1 lost its head", job => job.After(100).Ended(1, 90, Sketch.Verdict("HeadGone", 90)))
        .Then("The leases are asked for", job => job.After(1))
        .Then("One was answered twelve seconds ago", job => job.With(seen => seen with { Answers = seen.Answers with { Leases = Leases(("node-1", seen.Now.AddSeconds(-12)), ("node-2", seen.Now.AddSeconds(-13))) } }))
        .Then("Rank 0 tells", job => job.After(1).Ended(0, 1, Sketch.Verdict("TrainerFailed", 1, step: 7, log: "ValueError: 17")));

    public static void A_worker_that_lost_its_head_asks_no_node_that_may_not_be_read(Story story) => story
        .From(Sketch.At(JobPhase.Running))
        .When(job => job.After(100).Ended(1, 90, Sketch.Verdict("HeadGone", 90)).Decide())
        .Then("A second later", job => job.After(1))
        .Then("The head said nothing for two minutes", job => job.After(120));

    public static void A_pod_that_the_cache_lacks_is_asked_for_and_nothing_else_is_done(Story story) => story
        .From(Sketch.At(JobPhase.Running))
        .Then("It isn't in the cache", job => job.After(5).With(seen => seen with { Pods = [.. seen.Pods.Where(pod => pod.Ordinal != 1)] }));

    public static void What_a_container_said_goes_before_the_node_that_was_lost(Story story) => story
        .From(Sketch.At(JobPhase.Running).WithNode("node-1", ready: false, since: -1000).WithNode("node-2"))
        .Then("Both at once", job => job.After(100).Ended(1, 3, Sketch.Verdict("TrainerFailed", 3)));

    public static void A_node_that_was_lost_goes_before_a_deadline(Story story) => story
        .From(Sketch.At(JobPhase.Running).WithSpec(spec => spec with { ActiveDeadlineSeconds = 60 }).WithNode("node-1", ready: false, since: -1000).WithNode("node-2"))
        .Then("Both at once", job => job.After(100));

    public static void A_deadline_goes_before_a_request_to_restart(Story story) => story
        .From(Sketch.At(JobPhase.Running).WithSpec(spec => spec with { ActiveDeadlineSeconds = 60 }))
        .Then("Both at once", job => job.After(100).Requested("monday"));

    public static void Pods_that_are_kept_are_only_given_time_to_blame(Story story) => story
        .From(Sketch.At(JobPhase.Running).WithSpec(spec => spec with { CleanPodPolicy = CleanPodPolicy.None, FailurePolicy = new FailurePolicySpec(maxRestarts: 0) }))
        .Then("Rank 1 failed", job => job.After(100).Ended(1, 139, message: null))
        .Then("Five seconds are not enough", job => job.After(5))
        .Then("Six are", job => job.After(1))
        .Then("Nothing follows", job => job.After(600));

    public static void Pods_that_are_held_are_removed_when_their_time_is_over(Story story) => story
        .From(Sketch.At(JobPhase.Running).WithSpec(spec => spec with { FailurePolicy = new FailurePolicySpec { HoldSeconds = 60 } }))
        .Then("Rank 1 failed", job => job.After(100).Ended(1, 139, message: null))
        .Then("A minute is not over", job => job.After(60))
        .Then("It is", job => job.After(1));

    public static void A_waiting_job_obeys_a_request_to_restart_at_once(Story story) => story
        .From(Sketch.At(JobPhase.Running).Ended(1, 139, message: null).ToTheEnd())
        .Then("The back-off runs", job => job.After(1))
        .Then("The user won't wait", job => job.After(1).Requested("now").PodsGone());

    private static Dictionary<string, LeaseAnswer> Leases(params (string Node, DateTime At)[] answers) =>
        answers.ToDictionary(answer => answer.Node, answer => new LeaseAnswer(answer.At, TimeSpan.FromSeconds(9)));
}
