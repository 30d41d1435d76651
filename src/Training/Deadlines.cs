using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>
/// The five deadlines of a gang, each with its own reason. They never fire while the fact that would end them is already
/// seen, and those about steps run only as far as rank 0's console was read. <c>RayOnly</c> and <c>Hold</c> launch nothing,
/// so only waiting for nodes and the time of the whole job are bounded there.
/// </summary>
internal static class Deadlines
{
    /// <summary>The deadline that has passed, or null; wakes the job when the next one would.</summary>
    public static Failure? Passed(Observation observation, Gang gang, Draft draft)
    {
        var status = observation.Job.Status;
        if (status.CurrentAttempt is not { } attempt || observation.Job.Spec is not { } spec) return null;
        if (attempt.ScheduledTime is not { } bound) return gang.AllBound ? null : Pending(observation, draft);
        if (Active(observation, draft, spec, bound) is { } over) return over;
        if (spec.Launch.Mode != LaunchMode.Train) return null;
        if (attempt.LaunchTime is not { } launched) return gang.Head is { IsReady: true } ? null : Startup(observation, gang, draft, spec, bound);
        return StallClock.Passed(observation, gang, draft, spec, attempt, launched);
    }

    /// <summary><c>scheduling.pendingDeadlineSeconds</c>, from the first waiting of an incarnation on, gang releases included.</summary>
    public static Failure? Pending(Observation observation, Draft draft)
    {
        if (observation.Job.Spec?.Scheduling.PendingDeadlineSeconds is not { } seconds || observation.Job.Status.PendingSince is not { } since) return null;
        return draft.Elapsed(since, seconds)
            ? Of(observation, FailureClass.Deadline, Reasons.PendingDeadlineExceeded, $"not all pods were bound within {seconds} s (scheduling.pendingDeadlineSeconds); {Waits(observation)}")
            : null;
    }

    /// <summary>A failure of the whole gang.</summary>
    public static Failure Of(Observation observation, FailureClass @class, string reason, string message) =>
        new(new FailingStatus { Since = observation.Now, Class = @class, Reason = reason, Message = message }, Follower: false, At: null);

    private static Failure? Active(Observation observation, Draft draft, GrpoTrainingJobSpec spec, DateTime bound) =>
        spec.ActiveDeadlineSeconds is { } seconds && draft.Elapsed(bound, seconds - observation.Job.Status.ActiveSeconds)
            ? Of(observation, FailureClass.Deadline, Reasons.ActiveDeadlineExceeded, $"the job has had its pods for {seconds} s (activeDeadlineSeconds)")
            : null;

    private static Failure? Startup(Observation observation, Gang gang, Draft draft, GrpoTrainingJobSpec spec, DateTime bound)
    {
        if (!draft.Elapsed(bound, spec.StartupDeadlineSeconds)) return null;
        var wait = PodWait.MostUrgent(gang.Members);
        var what = wait?.Message ?? "containers run, but rank 0 did not launch the trainer";
        return Of(observation, FailureClass.Startup, Reasons.StartupDeadlineExceeded, $"the trainer was not launched within {spec.StartupDeadlineSeconds} s of all pods being bound (startupDeadlineSeconds); {what}");
    }

    private static string Waits(Observation observation) =>
        observation.Job.Status.Condition(ConditionTypes.PodsScheduled) is { Status: ConditionStatus.False } condition ? condition.Message : "nothing is known of why";
}
