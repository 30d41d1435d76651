using GrpoOperator.Crds;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Policies;

/// <summary>
/// A job that breaks a rule waits, without children, until its spec is corrected. Every broken rule is named at once.
/// Claims only while something is broken; warnings are noted and the job goes on.
/// </summary>
internal static class Invalid
{
    public static bool Apply(Observation observation, Draft draft)
    {
        if (observation.Job.Spec is not { } spec)
        {
            Refuse(draft, Reasons.Undecodable, observation.Job.DecodeError ?? "the spec can't be decoded", running: draft.Status.CurrentAttempt is not null);
            return true;
        }

        var findings = SpecRules.Check(spec, observation.Job.Namespace, observation.Job.Name, observation.Cluster);
        var errors = findings.Where(finding => finding.Severity == FindingSeverity.Error).ToArray();
        if (errors.Length > 0)
        {
            Refuse(draft, errors[0].Rule, string.Join("; ", errors.Select(error => $"{error.Rule}: {error.Message}")), running: false);
            return true;
        }

        draft.Set(ConditionTypes.Valid, true, Reasons.AllRulesHold, "Every rule that is checked before anything is made holds.");
        Warnings.Note(observation, draft, findings);
        return false;
    }

    /// <summary>A gang that runs is never ended by this: a newer operator may know more than the one that looks.</summary>
    private static void Refuse(Draft draft, string reason, string message, bool running)
    {
        draft.Warn(ConditionTypes.Valid, status: false, reason, message);
        if (!running) draft.Status = draft.Status with { Phase = JobPhase.Invalid };
    }
}
