using GrpoOperator.Crds;
using GrpoOperator.Training.Children;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Policies;

/// <summary>
/// The inspection Job looks at paths, weights and data before an NPU is held. An error that it finds makes the job
/// <c>Invalid</c> until the storage, or the spec, is repaired; its own failure never keeps a job from running.
/// </summary>
internal static class Inspecting
{
    private const int OwnTries = 3;

    public static bool IsDone(Observation observation, Draft draft)
    {
        var spec = observation.Job.Spec!;
        if (draft.Status.Is(ConditionTypes.Inspected) || draft.Status.Condition(ConditionTypes.Inspected)?.Reason == Reasons.InspectionBroken) return true;
        if (spec.Inspection.Policy == InspectionPolicy.Skip)
        {
            draft.Set(ConditionTypes.Inspected, null, Reasons.InspectionSkipped, "inspection.policy is Skip: nothing was looked at before the start");
            return true;
        }

        var inspection = draft.Status.Inspection ?? new InspectionStatus();
        if (inspection.NextTime is { } next)
        {
            if (observation.Now < next)
            {
                draft.WakeAt(next);
                return false;
            }

            inspection = inspection with { NextTime = null, Tries = inspection.Tries + 1 };
        }

        draft.Status = draft.Status with { Inspection = inspection with { Tries = Math.Max(1, inspection.Tries) } };
        return Look(observation, draft);
    }

    private static bool Look(Observation observation, Draft draft)
    {
        var inspection = draft.Status.Inspection!;
        AskForClaims(observation, draft);
        switch (BatchStep.Of(observation, draft, ChildKind.InspectionJob, inspection.Tries, InspectionJob.Build))
        {
            case BatchStep.Ended ended when ended.End.ExitCode == 0 && InspectionResult.Parse(ended.End.Message) is { } result:
                return Take(observation, draft, result);
            case BatchStep.Ended ended:
                var said = BatchResult.Parse(ended.End.Message) is { Code: { } code } broken ? $": {code}: {broken.Message}" : " and no result";
                return OwnFailure(observation, draft, $"pod {ended.Pod.Name} on node {ended.Pod.Node} ended with exit code {ended.End.ExitCode} ({ended.End.Reason}){said}");
            case BatchStep.Lost lost:
                return OwnFailure(observation, draft, lost.Message);
            case BatchStep.Waiting { Reason: { } reason, Warning: true } waiting:
                EnterPreparing(draft);
                draft.Warn(ConditionTypes.Inspected, null, reason, waiting.Message);
                return false;
            case BatchStep.Made { Refused: true }:
                EnterPreparing(draft);
                return false;
            default:
                EnterPreparing(draft);
                if (draft.Status.Phase != JobPhase.Invalid)
                    draft.Set(ConditionTypes.Inspected, null, Reasons.Inspecting, $"The inspection looks at model, weights, data and storage (try {inspection.Tries}).");
                return false;
        }
    }

    /// <summary>Beside the Job, which can't see them; the answers are there long before its end.</summary>
    private static void AskForClaims(Observation observation, Draft draft)
    {
        var spec = observation.Job.Spec!;
        if (spec.Workers.Nodes < 2) return;
        foreach (var claim in Claims.Of(spec).Where(claim => !observation.Answers.Claims.ContainsKey(claim))) draft.Ask(new Question.ClaimModes(claim));
    }

    /// <summary>A job whose inspection found errors stays <c>Invalid</c> while it is inspected again.</summary>
    private static void EnterPreparing(Draft draft)
    {
        var repeated = draft.Status.Phase == JobPhase.Invalid && draft.Status.Inspection?.Findings is { Count: > 0 };
        if (!repeated) draft.Enter(JobPhase.Preparing, "Model, weights, data and storage are inspected before any NPU is asked for.");
    }

    private static bool Take(Observation observation, Draft draft, InspectionResult result)
    {
        var status = result.ToStatus(draft.Status.Inspection!.Tries);
        var facts = InspectedFacts.Of(status) with { Checkpoint = result.Checkpoint, Claims = observation.Answers.Claims };
        InspectionFinding[] findings = [.. result.Findings, .. AgainstSpec(observation, facts)];
        draft.Status = draft.Status with { Inspection = status with { Findings = findings.Length > 0 ? findings : null } };
        if (Errors(observation, findings) is { Length: > 0 } errors)
        {
            LookAgain(observation, draft, errors[0].Rule, Text(errors));
            return false;
        }

        draft.Set(ConditionTypes.Inspected, true, Reasons.InspectionPassed, $"Model, weights, data and storage were looked at from node {result.Node}.");
        Warnings.Note(observation, draft, SpecRules.Check(observation.Job.Spec!, observation.Job.Namespace, observation.Job.Name, observation.Cluster));
        return true;
    }

    /// <summary>An inspection that breaks says nothing: the job goes on without, unless errors were found before.</summary>
    private static bool OwnFailure(Observation observation, Draft draft, string what)
    {
        var inspection = draft.Status.Inspection!;
        if (Errors(observation, inspection.Findings ?? []) is { Length: > 0 } errors)
        {
            LookAgain(observation, draft, errors[0].Rule, $"{what}; what was found before still holds: {Text(errors)}");
            return false;
        }

        if (inspection.Tries < OwnTries)
        {
            draft.Status = draft.Status with { Inspection = inspection with { Tries = inspection.Tries + 1 } };
            draft.Warn(ConditionTypes.Inspected, null, Reasons.Inspecting, $"{what}; try {inspection.Tries + 1} follows");
            BatchStep.Of(observation, draft, ChildKind.InspectionJob, inspection.Tries + 1, InspectionJob.Build);
            return false;
        }

        draft.Warn(ConditionTypes.Inspected, null, Reasons.InspectionBroken, $"{what}; after {OwnTries} tries the job goes on without an inspection");
        return true;
    }

    /// <summary>The job stays <c>Invalid</c>; storage gets repaired without a change of the spec, so it is inspected again, ever later.</summary>
    private static void LookAgain(Observation observation, Draft draft, string reason, string message)
    {
        var inspection = draft.Status.Inspection!;
        var wait = Math.Min(observation.Timings.InspectionRetryMax, observation.Timings.InspectionRetry * Math.Pow(2, Math.Min(inspection.Tries - 1, 10)));
        var next = observation.Now.AddSeconds(Math.Ceiling(wait));
        draft.Warn(ConditionTypes.Inspected, status: false, reason, $"{message}. It is looked at again in {wait:0} s, or when the spec changes.");
        draft.Status = draft.Status with { Phase = JobPhase.Invalid, Inspection = inspection with { NextTime = next } };
        draft.WakeAt(next);
    }

    private static IEnumerable<InspectionFinding> AgainstSpec(Observation observation, InspectedFacts facts) =>
        from finding in SpecRules.CheckFacts(observation.Job.Spec!, observation.Job.Namespace, observation.Job.Name, facts)
        select new InspectionFinding { Rule = finding.Rule, Severity = finding.Severity, Message = finding.Message };

    private static InspectionFinding[] Errors(Observation observation, IEnumerable<InspectionFinding> findings) =>
        [.. findings.Where(finding => finding.Severity == FindingSeverity.Error && !Warnings.Ignored(observation, finding.Rule))];

    private static string Text(IEnumerable<InspectionFinding> errors) => string.Join("; ", errors.Select(error => $"{error.Rule}: {error.Message}"));
}
