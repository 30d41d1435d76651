using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>The one status write in which a failure becomes final: counters change here and nowhere else.</summary>
internal static class Ending
{
    /// <summary>Another attempt follows: history, counters, back-off and the next incarnation are written together.</summary>
    public static void Restart(Observation observation, Draft draft, FailureAnswer answer)
    {
        var failing = draft.Status.Failing!;
        var status = AttemptHistory.Close(observation, draft.Status, verdict: null, failing);
        status = RestartCounters.Count(observation, status, answer);
        status = NextIncarnation(observation, status) with
        {
            SuspectNodes = SuspectNodes.Note(
                status.SuspectNodes, SuspectNodes.Blames(failing.Class) && failing.Reason != Reasons.RestartRequested ? failing.Node : null, observation.Now, observation.Timings.Suspect),
        };
        draft.Status = status with { CurrentAttempt = new CurrentAttempt { Number = status.AttemptsUsed + 1, StartTime = observation.Now } };
        var when = status.NextRetryTime is { } at ? $"at {at:HH:mm:ss}" : "now";
        var message = $"Attempt {status.AttemptsUsed + 1} is made {when} ({answer.Because}) after {failing.Reason}.";
        draft.Set(ConditionTypes.PodsReady, false, Reasons.NoPods, "The gang was removed.");
        draft.Set(ConditionTypes.PodsScheduled, false, Reasons.BackingOff, message);
        draft.Tell(warning: false, Reasons.Restarting, message);
    }

    /// <summary>No further attempt is made.</summary>
    public static void Fail(Observation observation, Draft draft, FailureAnswer answer)
    {
        var failing = draft.Status.Failing!;
        var message = answer.EndReason == failing.Reason ? failing.Message : $"{answer.Because}; the last failure: {failing.Message}";
        draft.Status = AttemptHistory.Close(observation, draft.Status, verdict: null, failing);
        draft.Status = draft.Status with { Phase = JobPhase.Failed, CompletionTime = observation.Now, Failing = null, NextRetryTime = null, PendingSince = null, GangClockStart = null };
        draft.Set(ConditionTypes.Failed, true, answer.EndReason, message);
        draft.Tell(warning: true, nameof(JobPhase.Failed), FirstLine(message));
    }

    /// <summary>The first line of a failure's message; below it stand the container's own last lines.</summary>
    public static string FirstLine(string message) => message.Split('\n', 2)[0];

    /// <summary>The status of the incarnation after the current one.</summary>
    public static GrpoTrainingJobStatus NextIncarnation(Observation observation, GrpoTrainingJobStatus status) =>
        WithoutGang(observation, status) with { Incarnation = status.Incarnation + 1 };

    /// <summary>The status once the current gang is gone: no attempt, nothing bound, nothing failing.</summary>
    public static GrpoTrainingJobStatus WithoutGang(Observation observation, GrpoTrainingJobStatus status) => status with
    {
        FenceWait = FenceWaits.AfterEnd(observation, status),
        CurrentAttempt = null,
        Failing = null,
        ReadyNodes = 0,
        GangClockStart = null,
        PendingSince = null,
    };
}
