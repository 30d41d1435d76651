using GrpoOperator.Crds;
using GrpoOperator.Training.Policies;

namespace GrpoOperator.Training;

/// <summary>One rule of a job's life: claims the decision, or leaves it to the next.</summary>
/// <returns>True when it claimed the decision.</returns>
public delegate bool Policy(Observation observation, Draft draft);

/// <summary>
/// What to do with a job: an ordered list of policies, the first that claims decides. Pure: the same observation always
/// gives the same decision, and applying a decision leads to an observation on which it is not repeated.
/// </summary>
public static class Decide
{
    /// <summary>The order, and why each stands above the next.</summary>
    public static readonly IReadOnlyList<(string Name, Policy Apply)> Policies =
    [
        // A job that is being deleted makes nothing: owner references remove its children.
        (nameof(Deleted), Deleted.Apply),
        // What ended stays ended: nothing below may start a finished job again.
        (nameof(Final), Final.Apply),
        // Children that nobody counts on go before anything reads them, or makes new ones under their names.
        (nameof(StaleChildren), StaleChildren.Apply),
        // A success counts even while its pods are being deleted, so it is seen before any failure.
        (nameof(Success), Success.Apply),
        // A failure is seen before anything that would wait for, or add to, the failing gang.
        (nameof(Failing), Failing.Apply),
        // A failure that began is brought to its end first: it counts. After that nothing goes on against the user's wish,
        // be the spec valid or not.
        (nameof(Suspend), Suspend.Apply),
        // A gang that was made is followed; rules never end it, so it stands above them.
        (nameof(Follow), Follow.Apply),
        // A change past the rules makes nothing: no rule is judged, and nothing is built, from a spec that doesn't count.
        (nameof(OutOfSync), OutOfSync.Apply),
        // Broken rules keep a job from making anything.
        (nameof(Invalid), Invalid.Apply),
        // A wait that a restart or a gang release wrote down comes before anything is made; a broken rule is told meanwhile.
        (nameof(BackingOff), BackingOff.Apply),
        // CPU work first: inspection and data need no NPU.
        (nameof(Prepare), Prepare.Apply),
        // One NPU for the conversion, before the gang asks for all.
        (nameof(ConvertWeights), ConvertWeights.Apply),
        // Everything is ready: the gang.
        (nameof(Start), Start.Apply),
    ];

    /// <summary>The decision for an observation.</summary>
    public static Decision For(Observation observation) => For(observation, Policies);

    /// <summary>The decision under another list of policies; for tests of their order.</summary>
    public static Decision For(Observation observation, IReadOnlyList<(string Name, Policy Apply)> policies)
    {
        var draft = new Draft(observation);
        JobFacts.Note(observation, draft);
        LostNodes.Force(observation, draft);
        foreach (var (_, apply) in policies)
        {
            if (apply(observation, draft)) break;
        }

        return draft.ToDecision();
    }

    /// <summary>Whether a phase is the end.</summary>
    public static bool IsFinal(JobPhase? phase) => phase is JobPhase.Succeeded or JobPhase.Failed;
}
