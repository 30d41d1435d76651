using System.Text.Json.Nodes;
using GrpoOperator.Crds;

namespace GrpoOperator.Training.Policies;

/// <summary>
/// A Job that must succeed before the gang may start. It is tried again after a failure that may pass, never after one
/// that is about the configuration; the count stands in status before each try is made.
/// </summary>
internal sealed record BatchWork
{
    public required ChildKind Kind { get; init; }

    public required JobPhase Phase { get; init; }

    public required string Condition { get; init; }

    public required string Started { get; init; }

    public required string StartedMessage { get; init; }

    public required string Done { get; init; }

    public required string FailedReason { get; init; }

    public required int Retries { get; init; }

    public required int Tries { get; init; }

    public required Func<GrpoTrainingJobStatus, int, GrpoTrainingJobStatus> SetTries { get; init; }

    public required Func<ChildContext, JsonObject> Build { get; init; }

    /// <summary>Takes the work one step further.</summary>
    /// <returns>True when it is done and the condition is true.</returns>
    public static bool Run(Observation observation, Draft draft, BatchWork work)
    {
        var tries = Math.Max(1, work.Tries);
        draft.Status = work.SetTries(draft.Status, tries);
        switch (BatchStep.Of(observation, draft, work.Kind, tries, work.Build))
        {
            case BatchStep.Ended ended when BatchResult.Parse(ended.End.Message) is { } result && ended.End.ExitCode == 0:
                draft.Set(work.Condition, true, result.Code == Reasons.CacheHit ? Reasons.CacheHit : work.Done, result.Message ?? $"Done on node {ended.Pod.Node}.");
                draft.Tell(warning: false, result.Code == Reasons.CacheHit ? Reasons.CacheHit : work.Done, result.Message ?? $"Done on node {ended.Pod.Node}.");
                return true;
            case BatchStep.Ended ended:
                work.Failed(observation, draft, tries, ended);
                return false;
            case BatchStep.Lost lost:
                work.TryAgain(observation, draft, tries, work.FailedReason, lost.Message);
                return false;
            case BatchStep.Waiting { Reason: { } reason, Warning: true } waiting:
                draft.Enter(work.Phase, work.StartedMessage);
                draft.Warn(work.Condition, status: false, reason, waiting.Message);
                return false;
            case BatchStep.Made { Refused: true }:
                draft.Enter(work.Phase, work.StartedMessage);
                return false;
            default:
                draft.Enter(work.Phase, work.StartedMessage);
                draft.Set(work.Condition, false, work.Started, work.StartedMessage);
                return false;
        }
    }

    private void Failed(Observation observation, Draft draft, int tries, BatchStep.Ended ended)
    {
        var result = BatchResult.Parse(ended.End.Message);
        var code = LauncherCodes.Find(result?.Code);
        var reason = result?.Code ?? (ended.End.Reason == "OOMKilled" ? Reasons.OutOfMemoryKilled : FailedReason);
        var said = string.IsNullOrEmpty(result?.Message) ? string.Empty : ": " + result.Message;
        var log = result is null ? ended.End.Message : result.Log;
        var what = $"{Names.MainContainer(Kind)} (pod {ended.Pod.Name} on node {ended.Pod.Node}) ended with exit code {ended.End.ExitCode}, {reason}{said}";
        var lines = string.IsNullOrWhiteSpace(log) ? string.Empty : "\n" + log.TrimEnd();
        if (code?.Class == nameof(FailureClass.Configuration))
            GiveUp(observation, draft, reason, what, lines);
        else
            TryAgain(observation, draft, tries, reason, what, lines);
    }

    /// <summary>Every failed try is told, also when it failed like the one before; the container's own last lines stand below.</summary>
    private void TryAgain(Observation observation, Draft draft, int tries, string reason, string what, string lines = "")
    {
        if (tries > Retries)
        {
            GiveUp(observation, draft, reason, $"{what} (after {tries} tries)", lines);
            return;
        }

        var message = $"{what}; try {tries + 1} of {Retries + 1} follows";
        draft.Set(Condition, false, reason, message + lines);
        draft.Tell(warning: true, reason, message);
        draft.Status = SetTries(draft.Status, tries + 1);
        BatchStep.Of(observation, draft, Kind, tries + 1, Build);
    }

    private void GiveUp(Observation observation, Draft draft, string reason, string what, string lines)
    {
        draft.Set(Condition, false, reason, what + lines);
        draft.Set(ConditionTypes.Failed, true, reason, what + lines);
        draft.Tell(warning: true, reason, what);
        draft.Status = draft.Status with { Phase = JobPhase.Failed, CompletionTime = observation.Now };
    }
}
