using GrpoOperator.Crds;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training;

/// <summary>The record of attempts that ended: the last five, and what their NPUs did.</summary>
internal static class AttemptHistory
{
    private const int Kept = 5;

    /// <summary>Adds the current attempt to the history as it ends.</summary>
    /// <param name="observation">What is seen.</param>
    /// <param name="status">The status so far.</param>
    /// <param name="verdict">Rank 0's or the blamed rank's verdict, if there is one.</param>
    /// <param name="failure">What it failed by; null after a success.</param>
    public static GrpoTrainingJobStatus Close(Observation observation, GrpoTrainingJobStatus status, TrainerVerdict? verdict, FailingStatus? failure)
    {
        if (status.CurrentAttempt is not { } attempt) return status;
        var launched = attempt.LaunchTime ?? verdict?.LaunchTime;
        var record = new AttemptRecord
        {
            Number = attempt.Number,
            StartTime = attempt.StartTime,
            EndTime = observation.Now,
            FailureClass = failure?.Class,
            Reason = failure?.Reason,
            Message = failure?.Message,
            Rank = failure?.Rank,
            Pod = failure?.Pod,
            Node = failure?.Node,
            ExitCode = failure?.ExitCode,
            LastStep = verdict?.Step ?? attempt.LastStep,
        };
        return status with
        {
            AttemptsUsed = Math.Max(status.AttemptsUsed, attempt.Number),
            CurrentAttempt = attempt with { LaunchTime = launched, LastStep = record.LastStep },
            Attempts = [.. (status.Attempts ?? []).Where(a => a.Number != attempt.Number).TakeLast(Kept - 1), record],
            NpuSeconds = Spend(observation, status.NpuSeconds ?? new NpuSeconds(), attempt, launched, failed: failure is not null),
        };
    }

    /// <summary>NPU-seconds from binding to launch wait; from launch on they are productive, or lost when the attempt failed.</summary>
    private static NpuSeconds Spend(Observation observation, NpuSeconds spent, CurrentAttempt attempt, DateTime? launched, bool failed)
    {
        if (attempt.ScheduledTime is not { } bound || observation.Job.Spec is not { } spec) return spent;
        var npus = JobShape.Of(spec).TotalNpus;
        var start = launched is { } at && at > bound ? at : launched is null ? observation.Now : bound;
        var waiting = (long)(start - bound).TotalSeconds * npus;
        var used = Math.Max(0, (long)(observation.Now - start).TotalSeconds) * npus;
        return spent with
        {
            Waiting = spent.Waiting + Math.Max(0, waiting),
            Productive = spent.Productive + (failed ? 0 : used),
            Lost = spent.Lost + (failed ? used : 0),
        };
    }
}
