using System.Globalization;
using GrpoOperator.Crds;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training;

/// <summary>
/// The clock of steps. It counts only time over which rank 0's console was really read: where nobody could look, nothing is
/// known, and nothing is ended.
/// </summary>
internal static class StallClock
{
    /// <summary>The first-step or stall deadline when it has passed.</summary>
    public static Failure? Passed(Observation observation, Gang gang, Draft draft, GrpoTrainingJobSpec spec, CurrentAttempt attempt, DateTime launched)
    {
        if (observation.Console is not { CoveredFrom: { } from, CoveredUntil: { } until } reading || reading.PodUid != gang.Head?.Uid) return null;
        var first = attempt.FirstStepTime is null && !reading.HasStep;
        if (Limit(observation, spec, first) is not { } seconds) return null;

        var last = first ? launched : LastStep(observation, reading) ?? launched;
        // Status still holds the step of an earlier attempt until this one has made another.
        if (last < launched) last = launched;
        var since = last < from ? from : last;
        if (until < since.AddSeconds(seconds + 1))
        {
            // The console is read all the while; looking again is only needed once the answer could be another.
            draft.WakeAt(Later(since.AddSeconds(seconds + 1), observation.Now.AddSeconds(Math.Max(1, observation.Timings.ConsoleMin)))!.Value);
            return null;
        }

        return first
            ? Deadlines.Of(observation, FailureClass.Startup, Reasons.FirstStepDeadlineExceeded, $"no first step within {seconds:0} s of the launch (firstStepDeadlineSeconds)")
            : Deadlines.Of(observation, FailureClass.Stall, Reasons.StallDeadlineExceeded, $"no step after step {reading.Last?.Step ?? attempt.LastStep} for {seconds:0} s{Said(spec)}");
    }

    /// <summary>Says in condition <c>StepStalled</c> that nobody can tell, or that it can be told again.</summary>
    public static void NoteReadability(Observation observation, Draft draft, string headUid)
    {
        if (observation.Console is not { } reading || reading.PodUid != headUid) return;
        if (reading.UnreadableSince is { } since)
        {
            if (draft.Elapsed(since, observation.Timings.ConsoleUnreadable))
                draft.Warn(ConditionTypes.StepStalled, status: null, Reasons.LogUnreadable, $"Rank 0's log can't be read since {since.ToString("HH:mm:ss", CultureInfo.InvariantCulture)}: nobody can tell whether steps are made, and no deadline about them runs.");
        }
        else if (draft.Status.Condition(ConditionTypes.StepStalled) is { Status: not ConditionStatus.False })
        {
            draft.Set(ConditionTypes.StepStalled, false, Reasons.StepsInTime, "Rank 0's log is read again.");
        }
    }

    /// <summary>Seconds without a step that are too many; null when that is off.</summary>
    private static double? Limit(Observation observation, GrpoTrainingJobSpec spec, bool first)
    {
        if (first) return spec.FirstStepDeadlineSeconds;
        if (spec.StallDeadlineSeconds is { } given) return given == 0 ? null : given;
        return Adaptive(observation, spec);
    }

    /// <summary>
    /// Long enough for HCCL's own timeout to speak twice, for the slowest steps so far, and for the save that is due. What
    /// nobody has seen yet (a first save, a first validation) gets as long as a first step.
    /// </summary>
    private static double Adaptive(Observation observation, GrpoTrainingJobSpec spec)
    {
        var status = observation.Job.Status;
        var times = status.StepTimes ?? new StepTimes();
        double limit = Math.Max(
            Math.Max(observation.Timings.StallFloor, 2 * HcclEnvironment.ExecTimeout(spec)),
            Math.Max(5 * (times.Median ?? 0), 3 * (times.Longest ?? 0)));
        var next = Math.Max(observation.Console?.Last?.Step ?? 0, status.Progress?.Step ?? 0) + 1;
        var last = (observation.Console?.TotalSteps ?? status.Progress?.TotalSteps) == next;
        var save = IsDue(spec.Trainer.SaveFrequency, next, last);
        var unseen = (save && times.LongestSave is null && observation.Console?.LongestSave is null)
            || (IsDue(spec.Trainer.TestFrequency, next, last) && status.Progress?.ValidationScore is null && observation.Console?.ValidationScore is null);
        if (save) limit += Math.Max(times.LongestSave ?? 0, observation.Console?.LongestSave ?? 0);
        return unseen ? Math.Max(limit, spec.FirstStepDeadlineSeconds) : limit;
    }

    /// <summary>When the last step was first seen: a new leader reads old lines anew, but the status knows.</summary>
    private static DateTime? LastStep(Observation observation, ConsoleReading reading)
    {
        var progress = observation.Job.Status.Progress;
        return reading.Last is null || reading.Last.Step == progress?.Step ? progress?.LastStepTime : reading.LastStepAt;
    }

    /// <summary>verl saves and validates every so many steps, and at the last one.</summary>
    private static bool IsDue(int? every, int step, bool last) => every is > 0 and var n && (step % n == 0 || last);

    private static string Said(GrpoTrainingJobSpec spec) => spec.StallDeadlineSeconds is null ? " (adaptive stall deadline)" : " (stallDeadlineSeconds)";

    private static DateTime? Later(DateTime? one, DateTime? other) => one is null ? other : other is null || one > other ? one : other;
}
