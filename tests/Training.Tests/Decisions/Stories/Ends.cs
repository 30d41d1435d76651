using GrpoOperator.Crds;

namespace GrpoOperator.Training.Tests.Decisions.Stories;

/// <summary>What ended stays ended, and what belongs to it goes.</summary>
internal static class Ends
{
    public static void A_success_knows_its_step_from_the_verdict(Story story) => Stepped(story)
        .Then("The trainer ended", job => job.After(100).Ended(0, 0, Sketch.Verdict("Succeeded", 0, step: 12)));

    public static void A_success_knows_its_step_from_the_console(Story story) => Stepped(story)
        .Then("The trainer ended", job => job.After(100).Ended(0, 0, Sketch.Verdict("Succeeded", 0)));

    public static void A_success_may_know_no_step(Story story) => story
        .From(Sketch.At(JobPhase.Running))
        .Then("The trainer ended with nothing but 0", job => job.After(100).Ended(0, 0, message: null));

    public static void A_StatefulSet_whose_removal_was_lost_is_removed_again(Story story) => Stepped(story)
        .When(job => job.Ended(0, 0, Sketch.Verdict("Succeeded", 0, step: 12)).Decide())
        .Then("It is still there", job => job.After(5).With(seen => seen with { StatefulSet = new ObservedStatefulSet(Sketch.SetUid, 1, Sealed: true, Deleting: false) }));

    public static void Kept_pods_are_those_of_the_recorded_StatefulSet(Story story) => Stepped(story)
        .When(job => job.WithSpec(spec => spec with { CleanPodPolicy = CleanPodPolicy.None, TtlSecondsAfterFinished = 600 }))
        .Then("The trainer ended", job => job.After(100).Ended(0, 0, Sketch.Verdict("Succeeded", 0, step: 12)))
        .Then("Another StatefulSet arrives late", job => job.After(5).With(seen => seen with { StatefulSet = new ObservedStatefulSet("late", 1, Sealed: false, Deleting: false) }))
        .Then("Its time to live is over", job => job.After(600));

    private static Story Stepped(Story story) => story
        .From(Sketch.At(JobPhase.Running))
        .When(job => job.Console(step: 11).Decide());
}
