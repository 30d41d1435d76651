using GrpoOperator.Crds;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Policies;

/// <summary>
/// Condition <c>Warned</c>: what is allowed but probably not meant, from rules and from the inspection; and what is meant
/// but should be known.
/// </summary>
internal static class Warnings
{
    public static void Note(Observation observation, Draft draft, IReadOnlyList<Finding> findings)
    {
        var inspected = draft.Status.Inspection?.Findings ?? [];
        var all = findings.Where(finding => finding.Severity == FindingSeverity.Warning).Select(finding => (finding.Rule, finding.Message))
            .Concat(inspected.Where(finding => finding.Severity == FindingSeverity.Warning || Ignored(observation, finding.Rule)).Select(finding => (finding.Rule, finding.Message)))
            .Concat(RayExposure.Of(observation.Job.Spec, observation.Job.Uid) is { } exposed ? [(exposed.Rule, exposed.Message)] : Array.Empty<(string, string)>())
            .ToArray();
        if (all.Length == 0)
            draft.Clear(ConditionTypes.Warned);
        else
            draft.Warn(ConditionTypes.Warned, status: true, all[0].Item1, string.Join("; ", all.Select(warning => $"{warning.Item1}: {warning.Item2}")));
    }

    /// <summary>Adds, once the StatefulSet was made, what the API server left out of its pods.</summary>
    public static void NoteDropped(Observation observation, Draft draft)
    {
        if (observation.Answers.DroppedFields is not { Count: > 0 } fields) return;
        var dropped = $"{Reasons.TemplateFieldDropped}: this API server knows no {string.Join(", ", fields)} of a pod; the trainers run without";
        var before = draft.Status.Condition(ConditionTypes.Warned) is { Status: ConditionStatus.True } condition ? condition : null;
        draft.Warn(ConditionTypes.Warned, status: true, before?.Reason ?? Reasons.TemplateFieldDropped, before is null ? dropped : $"{before.Message}; {dropped}");
    }

    /// <summary>Whether the user asked that this rule only warns.</summary>
    public static bool Ignored(Observation observation, string rule) => observation.Job.Spec?.Validation?.Ignore?.Contains(rule, StringComparer.Ordinal) == true;
}
