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
        {
            draft.Clear(ConditionTypes.Warned);
            return;
        }

        var before = draft.Status.Condition(ConditionTypes.Warned)?.Message ?? string.Empty;
        var texts = all.Select(warning => $"{warning.Item1}: {warning.Item2}").ToArray();
        var message = string.Join("; ", texts);
        draft.Set(ConditionTypes.Warned, true, all[0].Item1, message);
        // One more is news, also behind one that was told.
        if (texts.Any(text => !before.Contains(text, StringComparison.Ordinal))) draft.Tell(warning: true, all[0].Item1, message);
    }

    /// <summary>Adds, once the StatefulSet was made, what the API server left out of its pods.</summary>
    public static void NoteDropped(Observation observation, Draft draft)
    {
        if (observation.Answers.DroppedFields is not { Count: > 0 } fields) return;
        var dropped = $"{Reasons.TemplateFieldDropped}: this API server knows no {string.Join(", ", fields)} of a pod; the trainers run without";
        var before = draft.Status.Condition(ConditionTypes.Warned) is { Status: ConditionStatus.True } condition ? condition : null;
        draft.Set(ConditionTypes.Warned, true, before?.Reason ?? Reasons.TemplateFieldDropped, before is null ? dropped : $"{before.Message}; {dropped}");
        draft.Tell(warning: true, Reasons.TemplateFieldDropped, dropped);
    }

    /// <summary>Whether the user asked that this rule only warns.</summary>
    public static bool Ignored(Observation observation, string rule) => observation.Job.Spec?.Validation?.Ignore?.Contains(rule, StringComparer.Ordinal) == true;
}
