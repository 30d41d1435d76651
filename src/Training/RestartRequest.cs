using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>
/// Annotation <c>grpo-operator.dev/restart-requested</c>: any new text restarts the gang once, uncounted. The text that was
/// obeyed stands in status, so that a new leader does not obey it again.
/// </summary>
internal static class RestartRequest
{
    /// <summary>The request that was not obeyed yet, or null.</summary>
    public static string? Open(Observation observation) =>
        observation.Job.Annotations.GetValueOrDefault(Labels.RestartRequested) is { Length: > 0 } text && text != observation.Job.Status.HandledRestartRequest ? text : null;

    /// <summary>The end of a gang that a request asks for.</summary>
    public static Failure? Of(Observation observation, Gang gang)
    {
        if (Open(observation) is not { } text || (gang.Pods.Count == 0 && observation.StatefulSet is null)) return null;
        return new Failure(
            new FailingStatus { Since = observation.Now, Class = FailureClass.Unknown, Reason = Reasons.RestartRequested, Message = $"a restart was requested: {text}" },
            Follower: false,
            At: null);
    }

    /// <summary>Writes down that the request is obeyed, with the first write of the restart.</summary>
    public static void Note(Observation observation, Draft draft, FailingStatus failing)
    {
        if (failing.Reason == Reasons.RestartRequested) NoteAll(observation, draft);
    }

    /// <summary>A request to a job without a gang: waiting is over, and what was found wrong is looked at again.</summary>
    public static void Hurry(Observation observation, Draft draft)
    {
        if (Open(observation) is null) return;
        NoteAll(observation, draft);
        draft.Status = draft.Status with { NextRetryTime = null };
        if (draft.Status.Inspection is { NextTime: not null } inspection) draft.Status = draft.Status with { Inspection = inspection with { NextTime = observation.Now } };
    }

    private static void NoteAll(Observation observation, Draft draft) =>
        draft.Status = draft.Status with { HandledRestartRequest = observation.Job.Annotations.GetValueOrDefault(Labels.RestartRequested) };
}
