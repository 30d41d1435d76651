using System.Text.Json.Nodes;
using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>Makes a child unless it was refused a moment ago; a refusal stands in a condition until the child is made.</summary>
internal static class ChildWrites
{
    /// <summary>Creates the child, or says why it isn't there.</summary>
    /// <returns>True when the create is under way; false while a refusal is waited out.</returns>
    public static bool Ensure(Observation observation, Draft draft, ChildKind kind, Func<JsonObject> build)
    {
        if (observation.Answers.Refused.TryGetValue(kind, out var refusal)
            && IsWaitedOut(observation, draft, ConditionOf(kind), $"{KindOf(kind)} {Names.Of(kind, observation.Job.Name)}", refusal))
        {
            return false;
        }

        draft.Do(new Act.Create(kind, build()));
        return true;
    }

    /// <summary>Says in a condition what was refused.</summary>
    /// <returns>True while it is too early to try again.</returns>
    public static bool IsWaitedOut(Observation observation, Draft draft, string condition, string what, RefusedWrite refusal)
    {
        draft.Warn(condition, status: false, ReasonOf(refusal.Kind), $"{what} was refused: {refusal.Message}. It is tried again every {observation.Timings.RefusedRetry:0} s.");
        return !draft.Elapsed(refusal.At, observation.Timings.RefusedRetry);
    }

    /// <summary>The condition that a missing child keeps from being true.</summary>
    public static string ConditionOf(ChildKind kind) => kind switch
    {
        ChildKind.LaunchConfig or ChildKind.InspectionJob => ConditionTypes.Inspected,
        ChildKind.DataJob => ConditionTypes.DataReady,
        ChildKind.ConversionJob => ConditionTypes.WeightsReady,
        _ => ConditionTypes.PodsScheduled,
    };

    /// <summary>The Kubernetes kind of a child.</summary>
    public static string KindOf(ChildKind kind) => kind switch
    {
        ChildKind.LaunchConfig => "ConfigMap",
        ChildKind.Service => "Service",
        ChildKind.NetworkPolicy => "NetworkPolicy",
        ChildKind.StatefulSet => "StatefulSet",
        _ => "Job",
    };

    private static string ReasonOf(RefusalKind kind) => kind switch
    {
        RefusalKind.NameTaken => Reasons.ChildNameConflict,
        RefusalKind.Forbidden => Reasons.Forbidden,
        RefusalKind.Admission => Reasons.QuotaExceeded,
        _ => Reasons.ChildRefused,
    };
}
