using System.Globalization;
using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>Takes what the console showed into status. Only a new step (or a total that was not known) changes anything.</summary>
internal static class ProgressUpdate
{
    /// <summary>Takes a reading of rank 0's pod into the draft.</summary>
    public static void Apply(Observation observation, Draft draft, string headUid)
    {
        if (observation.Console is not { } reading || reading.PodUid != headUid) return;
        var old = draft.Status.Progress ?? new ProgressStatus();
        var total = reading.TotalSteps ?? old.TotalSteps;
        if (reading.Last is not { } line)
        {
            if (total != old.TotalSteps) draft.Status = draft.Status with { Progress = old with { TotalSteps = total, Display = Display(old.Step, total) } };
            return;
        }

        var attempt = draft.Status.CurrentAttempt!;
        var first = attempt.FirstStepTime is null && line.Step > 0;
        if (line.Step == old.Step && total == old.TotalSteps && !first) return;
        var times = Times(draft.Status.StepTimes, reading);
        if (first) NoteStart(draft, old, reading, line);
        draft.Status = draft.Status with
        {
            Progress = Of(old, reading, line, total, times, observation.Now),
            StepTimes = times,
            StepSpecHash = line.Step > 0 ? draft.Status.SpecHash : draft.Status.StepSpecHash,
            CurrentAttempt = attempt with
            {
                FirstStepTime = attempt.FirstStepTime ?? (line.Step > 0 ? reading.LastStepAt ?? observation.Now : null),
                LastStep = line.Step,
                ResumedFromStep = reading.ResumedFromStep ?? attempt.ResumedFromStep,
            },
        };
    }

    /// <summary>
    /// The first step of an attempt tells where it started from: from a checkpoint, with some steps made again, or from
    /// nothing although the job had saved some.
    /// </summary>
    private static void NoteStart(Draft draft, ProgressStatus old, ConsoleReading reading, StepLine line)
    {
        var attempt = draft.Status.CurrentAttempt!;
        if (attempt.Number == 1) return;
        if (reading.ResumedFromStep is { } from)
        {
            var again = Math.Max(0, (old.Step ?? 0) - from);
            draft.Tell(warning: false, Reasons.Resumed, $"Attempt {attempt.Number} resumed from step {from}: {again} steps are made again.");
        }
        else if (old.LastCheckpointStep is { } saved and > 0 && line.Step <= saved)
        {
            draft.Warn(ConditionTypes.Warned, status: true, Reasons.ResumeLost, $"Attempt {attempt.Number} started from nothing although step {saved} was saved; training goes on.");
        }
    }

    /// <summary>
    /// The progress of a job whose trainer ended. The verdict knows the last step, what it resumed from and what was saved,
    /// also when nobody had read that on the console; its log tail has the last figures.
    /// </summary>
    public static GrpoTrainingJobStatus AtEnd(GrpoTrainingJobStatus status, TrainerVerdict? verdict, DateTime now, bool succeeded)
    {
        if (verdict is null) return status;
        if (status.CurrentAttempt is { } attempt)
        {
            status = status with
            {
                CurrentAttempt = attempt with
                {
                    LaunchTime = attempt.LaunchTime ?? verdict.LaunchTime,
                    LastStep = verdict.Step ?? attempt.LastStep,
                    ResumedFromStep = verdict.Resumed ?? attempt.ResumedFromStep,
                },
            };
        }

        if (verdict.Resumed is not null || verdict.Saved is not null)
        {
            var known = status.Progress ?? new ProgressStatus();
            status = status with
            {
                Progress = known with { ResumedFromStep = verdict.Resumed ?? known.ResumedFromStep, LastCheckpointStep = verdict.Saved ?? known.LastCheckpointStep },
            };
        }

        if (verdict.Step is not { } step) return status;
        var old = status.Progress ?? new ProgressStatus();
        var total = old.TotalSteps ?? (succeeded ? step : null);
        var line = (verdict.Log ?? string.Empty).Split('\n').Select(Verl.ConsoleLog.ParseStep).LastOrDefault(parsed => parsed?.Step == step);
        var reward = Number(line?.First("critic/rewards/mean", "critic/score/mean"));
        return status with
        {
            StepSpecHash = step > 0 ? status.SpecHash : status.StepSpecHash,
            Progress = old with
            {
                Step = step,
                TotalSteps = total,
                Display = Display(step, total),
                RewardMean = reward ?? old.RewardMean,
                LastStepTime = old.Step == step ? old.LastStepTime : now,
                EstimatedCompletionTime = null,
            },
        };
    }

    private static ProgressStatus Of(ProgressStatus old, ConsoleReading reading, StepLine line, int? total, StepTimes? times, DateTime now) => old with
    {
        Display = Display(line.Step, total),
        Step = line.Step,
        TotalSteps = total,
        Epoch = line.First("training/epoch") is { } epoch ? (int)epoch : old.Epoch,
        RewardMean = Number(line.First("critic/rewards/mean", "critic/score/mean")) ?? old.RewardMean,
        ValidationScore = Number(reading.ValidationScore) ?? old.ValidationScore,
        SecondsPerStep = Number(line.First("perf/time_per_step", "timing_s/step")) ?? old.SecondsPerStep,
        TokensPerSecondPerNpu = Number(line.First("perf/throughput")) ?? old.TokensPerSecondPerNpu,
        ResponseLengthMean = Number(line.First("response_length/mean")) ?? old.ResponseLengthMean,
        LastStepTime = reading.LastStepAt ?? now,
        ResumedFromStep = reading.ResumedFromStep,
        LastCheckpointStep = reading.LastCheckpointStep ?? old.LastCheckpointStep,
        EstimatedCompletionTime = total is { } n && n > line.Step && times?.Median is { } median ? now.AddSeconds((double)(n - line.Step) * median) : null,
    };

    private static StepTimes? Times(StepTimes? old, ConsoleReading reading)
    {
        if (reading.StepSeconds.Count == 0) return old;
        var sorted = reading.StepSeconds.Order().ToArray();
        return (old ?? new StepTimes()) with
        {
            LongestSave = reading.LongestSave is { } save ? Math.Max(old?.LongestSave ?? 0, (int)Math.Ceiling(save)) : old?.LongestSave,
            Median = (int)Math.Ceiling(sorted[sorted.Length / 2]),
            Longest = Math.Max(old?.Longest ?? 0, (int)Math.Ceiling(sorted[^1])),
        };
    }

    private static string Display(int? step, int? total) => total is { } n ? $"{step ?? 0}/{n}" : $"{step ?? 0}";

    /// <summary>A decimal string with up to six significant digits; null for nothing and for what is not finite.</summary>
    private static string? Number(double? value) =>
        value is { } number && double.IsFinite(number) ? ((decimal)Math.Round(number, 6)).ToString("0.######", CultureInfo.InvariantCulture) : null;
}
