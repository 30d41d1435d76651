using GrpoOperator.Crds;

namespace GrpoOperator.Training.Tests.Decisions;

/// <summary>The order of the policies matters, and these are the observations that show it.</summary>
public sealed class PolicyOrderTests
{
    public static TheoryData<int> Pairs => [.. Enumerable.Range(0, Training.Decide.Policies.Count - 1)];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Swapping_two_neighbours_changes_a_decision(int first)
    {
        var swapped = Training.Decide.Policies.ToArray();
        (swapped[first], swapped[first + 1]) = (swapped[first + 1], swapped[first]);

        Assert.True(Telling().Any(seen => Text(Training.Decide.For(seen)) != Text(Training.Decide.For(seen, swapped))), $"{swapped[first + 1].Name} need not stand above {swapped[first].Name}");
    }

    private static IEnumerable<Observation> Telling()
    {
        var ended = Sketch.At(JobPhase.Running).Ended(0, 0, Sketch.Verdict("Succeeded", 0, step: 12));
        ended.Decide();
        var late = new ObservedStatefulSet("late", 1, Sealed: false, Deleting: false);
        // Deleted above Final: nothing is written about a job that is going.
        yield return ended.With(seen => seen with { StatefulSet = late, Job = seen.Job with { Deleting = true } }).Seen;

        // Final above StaleChildren: after the end everything goes, also a Job that its incarnation once counted on.
        var running = new Dictionary<ChildKind, ObservedBatchJob> { [ChildKind.ConversionJob] = new() { Uid = "convert", Incarnation = 1 } };
        yield return ended.With(seen => seen with { StatefulSet = late, BatchJobs = running, Job = seen.Job with { Deleting = false } }).Seen;

        // StaleChildren above Success: nothing is read from a gang that nobody counts on.
        yield return Sketch.At(JobPhase.Running).Ended(0, 0, Sketch.Verdict("Succeeded", 0, step: 12)).With(seen => seen with { StatefulSet = late }).Seen;

        // Success above Failing: a worker's end after the head succeeded is no failure.
        yield return Sketch.At(JobPhase.Running).Ended(0, 0, Sketch.Verdict("Succeeded", 0, step: 12)).Ended(1, 1, Sketch.Verdict("HeadGone", 90)).Seen;

        // Failing above Suspend: a failure that was written down is counted, also when the user suspends meanwhile.
        var failing = Sketch.At(JobPhase.Running).Ended(1, 3, Sketch.Verdict("TrainerFailed", 3));
        failing.Decide();
        yield return failing.WithSpec(spec => spec with { Suspend = true }).After(10).PodsGone().Seen;

        // Suspend above Follow: what is to go is not followed.
        yield return Sketch.At(JobPhase.Running).WithSpec(spec => spec with { Suspend = true }).Seen;

        // Follow above OutOfSync: what runs goes on with what it has.
        yield return Sketch.At(JobPhase.Starting).Ready(0).Ready(1).WithSpec(spec => spec with { Trainer = spec.Trainer with { TotalSteps = 100 } }).Seen;

        // OutOfSync above Invalid: a spec that doesn't count is not judged.
        yield return new Sketch().Moved(sketch => sketch.Decide()).WithSpec(spec => spec with { Trainer = spec.Trainer with { TotalSteps = null } }).Seen;

        // Invalid above BackingOff: a broken rule is told at once.
        yield return Sketch.At(JobPhase.Running).Ended(1, 3, Sketch.Verdict("TrainerFailed", 3)).ToTheEnd().WithStatus(status => status with { SpecHash = null }).WithSpec(spec => spec with { Trainer = spec.Trainer with { TotalSteps = null } }).Seen;

        // BackingOff above Prepare: nothing is made before its time.
        yield return Sketch.At(JobPhase.Running).Ended(1, 3, Sketch.Verdict("TrainerFailed", 3)).ToTheEnd().With(seen => seen with { LaunchConfig = null }).Seen;

        // Invalid above Prepare: a job that breaks a rule makes nothing.
        yield return new Sketch().WithSpec(spec => spec with { Trainer = spec.Trainer with { TotalSteps = null } }).Seen;

        // Prepare above ConvertWeights: CPU work first.
        yield return new Sketch().Seen;

        // ConvertWeights above Start: one NPU before all.
        var inspected = new Sketch();
        inspected.Decide();
        yield return inspected.WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection("Absent")).Seen;
    }

    private static string Text(Decision decision) =>
        $"{decision.Status.Phase} {string.Join(',', decision.Acts.Select(act => act is Act.Create create ? $"+{create.Child}" : act is Act.Delete delete ? $"-{delete.Uid}" : act.GetType().Name))} {decision.Status.Reason}";
}
