using GrpoOperator.Crds;
using GrpoOperator.Training.Verl;

namespace GrpoOperator.Training;

/// <summary>What follows a failure, and why when that is the end.</summary>
/// <param name="Action">Restart (counted or not), or the end.</param>
/// <param name="EndReason">Reason of condition <c>Failed</c> when it is the end.</param>
/// <param name="Because">What decided, for the message.</param>
internal sealed record FailureAnswer(FailureAction Action, string EndReason, string Because)
{
    /// <summary>Uncounted restarts in a row without a step; the next one counts.</summary>
    private const int UncountedInARow = 10;

    /// <summary>Whether another attempt follows.</summary>
    public bool Restarts => Action != FailureAction.Fail;

    /// <summary>The answer to the failure that stands in the status.</summary>
    public static FailureAnswer Of(GrpoTrainingJobSpec? spec, GrpoTrainingJobStatus status)
    {
        var failing = status.Failing!;
        if (failing.Reason == Reasons.RestartRequested) return new(FailureAction.RestartWithoutCount, failing.Reason, "a restart was requested");
        // A deadline on the whole job is never retried, whatever a rule says.
        if (failing.Class == FailureClass.Deadline) return End(failing.Reason, "this deadline is never retried");
        if (spec is null) return End(failing.Reason, "the spec can't be decoded");
        if (CannotResume(spec, status) is { } broken) return End(Reasons.ResumeUnsupported, broken);

        var rule = (spec.FailurePolicy.Rules ?? []).FirstOrDefault(rule => Matches(rule, failing));
        var action = rule?.Action ?? ByTable(status, failing);
        if (action == FailureAction.Fail) return End(failing.Reason, rule is null ? $"{failing.Class} failures are not retried" : $"rule {rule.Name}");
        if (rule is null && IsRepeated(status, failing)) return End(Reasons.SameFailureAgain, "the same failure came twice without a step between");

        if (action == FailureAction.RestartWithoutCount && Uncounted(status) >= UncountedInARow) action = FailureAction.Restart;
        if (action == FailureAction.RestartWithoutCount) return new(action, failing.Reason, rule is null ? $"{failing.Class} failures don't count" : $"rule {rule.Name}");
        var max = spec.FailurePolicy.MaxRestarts;
        var used = RestartCounters.Counted(spec, status);
        return used < max
            ? new(action, failing.Reason, $"restart {used + 1} of {max}")
            : End(Reasons.RestartsExhausted, $"{used} of {max} restarts are used up");
    }

    /// <summary>Uncounted restarts in a row up to now; a step in this attempt ends the row.</summary>
    private static int Uncounted(GrpoTrainingJobStatus status) => RestartCounters.StepsMade(status) > 0 ? 0 : status.FailureBackoff?.UncountedInARow ?? 0;

    private static FailureAction ByTable(GrpoTrainingJobStatus status, FailingStatus failing) =>
        failing.Reason == Reasons.ResumeUnsupported
            ? FailureAction.Fail
            : FailureTable.Answer(failing.Class, stepMade: status.StepSpecHash is not null && status.StepSpecHash == status.SpecHash);

    private static FailureAnswer End(string reason, string because) => new(FailureAction.Fail, reason, because);

    /// <summary>Megatron's checkpoints of verl 0.7.0 and older can't be read back on NPUs: another attempt would only end in an error.</summary>
    private static string? CannotResume(GrpoTrainingJobSpec spec, GrpoTrainingJobStatus status) =>
        ResumeSupport.IsBroken(spec) && status.Progress?.LastCheckpointStep is { } step and > 0
            ? $"verl {spec.VerlVersion} can't resume Megatron checkpoints on NPUs; the last one is {spec.Trainer.CheckpointDir?.TrimEnd('/')}/global_step_{step}"
            : null;

    /// <summary>Whether an unclassified failure came before, with no step since: whatever else failed in between explains nothing.</summary>
    private static bool IsRepeated(GrpoTrainingJobStatus status, FailingStatus failing)
    {
        if (failing.Class != FailureClass.Unknown || RestartCounters.StepsMade(status) > 0) return false;
        foreach (var attempt in (status.Attempts ?? []).Reverse().Where(attempt => attempt.Number != status.CurrentAttempt?.Number))
        {
            if (IsSame(attempt, failing)) return true;
            if (attempt.LastStep is not null) return false;
        }

        return false;
    }

    private static bool IsSame(AttemptRecord attempt, FailingStatus failing) =>
        attempt is { FailureClass: FailureClass.Unknown, Message: { } message } && attempt.Reason == failing.Reason && attempt.ExitCode == failing.ExitCode
        && MaskedMessage.Of(message) == MaskedMessage.Of(failing.Message);

    /// <summary>Rules may be changed at any time, on old servers past every check: a pattern that can't be matched never matches.</summary>
    private static bool Matches(FailureRule rule, FailingStatus failing) =>
        (rule.ExitCodes is null || (failing.ExitCode is { } code && rule.ExitCodes.Contains(code)))
        && (rule.Reasons is null || rule.Reasons.Contains(failing.Reason, StringComparer.Ordinal))
        && (rule.MessagePattern is null || FailurePattern.Compile(rule.MessagePattern)?.IsMatch(failing.Message) == true);
}
