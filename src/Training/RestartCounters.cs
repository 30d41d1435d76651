using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>
/// Counters and back-off of restarts. They change in one place, with the incarnation: once all pods of the failed gang are
/// gone. So no restart is counted twice or lost, whatever dies in between.
/// </summary>
internal static class RestartCounters
{
    /// <summary>Steps that the current attempt made beyond the checkpoint that it started from.</summary>
    public static int StepsMade(GrpoTrainingJobStatus status) => status.CurrentAttempt is { } attempt ? StepsMade(attempt) : 0;

    /// <summary>Steps that an attempt made beyond the checkpoint that it started from.</summary>
    public static int StepsMade(CurrentAttempt attempt) => attempt.LastStep is { } last ? Math.Max(0, last - (attempt.ResumedFromStep ?? 0)) : 0;

    /// <summary>Counted restarts so far, after an attempt that advanced far enough to give the budget back.</summary>
    public static int Counted(GrpoTrainingJobSpec spec, GrpoTrainingJobStatus status) =>
        spec.FailurePolicy.MinStepsToReset is var steps and > 0 && StepsMade(status) >= steps ? 0 : status.RestartsCounted;

    /// <summary>The status after another restart was decided: counters, back-off, next incarnation and its attempt.</summary>
    public static GrpoTrainingJobStatus Count(Observation observation, GrpoTrainingJobStatus status, FailureAnswer answer)
    {
        var failing = status.Failing!;
        var requested = failing.Reason == Reasons.RestartRequested;
        var counted = answer.Action == FailureAction.Restart;
        var before = StepsMade(status) > 0 ? new FailureBackoffStatus() : status.FailureBackoff ?? new FailureBackoffStatus();
        var used = observation.Job.Spec is { } spec ? Counted(spec, status) : status.RestartsCounted;
        return status with
        {
            Restarts = status.Restarts + 1,
            RestartsCounted = counted ? used + 1 : used,
            RestartsByClass = requested ? status.RestartsByClass : Add(status.RestartsByClass, failing.Class.ToString()),
            FailureBackoff = requested ? before : new FailureBackoffStatus { Step = before.Step + 1, UncountedInARow = counted ? 0 : before.UncountedInARow + 1 },
            NextRetryTime = requested ? null : Backoff.Next(observation, before.Step),
        };
    }

    private static Dictionary<string, int> Add(IReadOnlyDictionary<string, int>? counts, string @class)
    {
        var next = counts is null ? [] : new Dictionary<string, int>(counts, StringComparer.Ordinal);
        next[@class] = next.GetValueOrDefault(@class) + 1;
        return next;
    }
}
