using GrpoOperator.Crds;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training;

/// <summary>The record of attempts that ended: the last five, and what their NPUs did.</summary>
internal static class AttemptHistory
{
    private const int Kept = 5;

    /// <summary>Adds the current attempt to the history as it ends; an attempt that was never used leaves no trace.</summary>
    /// <param name="observation">What is seen.</param>
    /// <param name="status">The status so far.</param>
    /// <param name="verdict">Rank 0's or the blamed rank's verdict, if there is one.</param>
    /// <param name="failure">What it failed by; null after a success or a suspension.</param>
    /// <param name="reason">Why it ended, when it did not fail.</param>
    public static GrpoTrainingJobStatus Close(
        Observation observation, GrpoTrainingJobStatus status, TrainerVerdict? verdict, FailingStatus? failure, string? reason = null)
    {
        if (status.CurrentAttempt is not { } attempt || !IsUsed(attempt, failure, verdict)) return status;
        var launched = attempt.LaunchTime ?? verdict?.LaunchTime;
        var record = new AttemptRecord
        {
            Number = attempt.Number,
            StartTime = attempt.StartTime,
            EndTime = observation.Now,
            FailureClass = failure?.Class,
            Reason = failure?.Reason ?? reason,
            Message = failure?.Message,
            Rank = failure?.Rank,
            Pod = failure?.Pod,
            Node = failure?.Node,
            ExitCode = failure?.ExitCode,
            LastStep = verdict?.Step ?? attempt.LastStep,
        };
        var closed = attempt with { LaunchTime = launched, LastStep = record.LastStep };
        return status with
        {
            AttemptsUsed = Math.Max(status.AttemptsUsed, attempt.Number),
            CurrentAttempt = closed,
            Attempts = [.. (status.Attempts ?? []).Where(a => a.Number != attempt.Number).TakeLast(Kept - 1), record],
            ActiveSeconds = status.ActiveSeconds + ActiveSeconds(attempt, observation.Now),
            NpuSeconds = Spend(observation, status, closed, reason),
        };
    }

    /// <summary>An attempt is used once all its pods were bound, or when one of them gave a reason to end it.</summary>
    private static bool IsUsed(CurrentAttempt attempt, FailingStatus? failure, TrainerVerdict? verdict) =>
        attempt.Pods is { Count: > 0 } || failure?.Rank is not null || verdict is not null;

    /// <summary>Whole seconds with all pods bound.</summary>
    private static long ActiveSeconds(CurrentAttempt attempt, DateTime now) =>
        attempt.ScheduledTime is { } bound ? Math.Max(0, (long)(now - bound).TotalSeconds) : 0;

    /// <summary>
    /// NPU-seconds from binding to launch are waiting. From launch on they are productive after a success; else in the
    /// proportion in which the steps made were saved, and the rest is lost.
    /// </summary>
    private static NpuSeconds Spend(Observation observation, GrpoTrainingJobStatus status, CurrentAttempt attempt, string? reason)
    {
        var spent = status.NpuSeconds ?? new NpuSeconds();
        if (attempt.ScheduledTime is not { } bound || observation.Job.Spec is not { } spec) return spent;
        var npus = status.Npus ?? JobShape.Of(spec).TotalNpus;
        var start = attempt.LaunchTime is { } launched ? (launched > bound ? launched : bound) : observation.Now;
        var waiting = Math.Max(0, (long)(start - bound).TotalSeconds) * npus;
        var used = Math.Max(0, (long)(observation.Now - start).TotalSeconds) * npus;
        var kept = reason == Reasons.TrainerSucceeded ? used : (long)(used * SavedPart(status, attempt));
        return spent with { Waiting = spent.Waiting + waiting, Productive = spent.Productive + kept, Lost = spent.Lost + (used - kept) };
    }

    private static double SavedPart(GrpoTrainingJobStatus status, CurrentAttempt attempt)
    {
        var made = RestartCounters.StepsMade(attempt);
        var saved = (status.Progress?.LastCheckpointStep ?? 0) - (attempt.ResumedFromStep ?? 0);
        return made == 0 ? 0 : Math.Clamp((double)saved / made, 0, 1);
    }
}
