using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>
/// The decision while it is being made: policies change its status and add acts. It lives for one decision and is seen by
/// one thread. A policy that does not claim the decision may only call <see cref="WakeAt"/>.
/// </summary>
public sealed class Draft
{
    private readonly Observation observation;
    private readonly List<Act> acts = [];
    private readonly List<EventDraft> events = [];
    private readonly List<Question> questions = [];
    private DateTime? wakeAt;

    /// <summary>A draft that starts from the observed status.</summary>
    public Draft(Observation observation)
    {
        this.observation = observation;
        Status = observation.Job.Status;
    }

    /// <summary>The status to be stored.</summary>
    public GrpoTrainingJobStatus Status { get; set; }

    /// <summary>Rank 0's console, when it is worth reading.</summary>
    public ConsoleSource? Console { get; set; }

    /// <summary>Acts added so far.</summary>
    public IReadOnlyList<Act> Acts => acts;

    /// <summary>Adds a write that follows the status write.</summary>
    public void Do(Act act) => acts.Add(act);

    /// <summary>Asks for a fact that needs a request.</summary>
    public void Ask(Question question) => questions.Add(question);

    /// <summary>Asks the API server for the job's pods, and looks again when it may be asked anew.</summary>
    public void AskForPods(string? overJob = null)
    {
        Ask(new Question.PodsNow(overJob));
        WakeAt(observation.Now.AddSeconds(observation.Timings.AskAgain));
    }

    /// <summary>Adds an event about the job.</summary>
    public void Tell(bool warning, string reason, string message) => events.Add(new EventDraft(warning, reason, message));

    /// <summary>Says when time alone would change this policy's mind; the earliest of all counts.</summary>
    public void WakeAt(DateTime at) => wakeAt = wakeAt is null || at < wakeAt ? at : wakeAt;

    /// <summary>
    /// Whether an interval that began at <paramref name="start"/> is over, and if not, wakes the job when it is. Status
    /// times are whole seconds, so one more second is given.
    /// </summary>
    public bool Elapsed(DateTime start, double seconds)
    {
        var end = (start > observation.Now ? observation.Now : start).AddSeconds(Math.Ceiling(seconds) + 1);
        if (observation.Now >= end) return true;
        WakeAt(end);
        return false;
    }

    /// <summary>Moves the job to a phase and tells it as an event when that is a change.</summary>
    public void Enter(JobPhase phase, string message, bool warning = false)
    {
        if (Status.Phase == phase) return;
        Status = Status with { Phase = phase };
        Tell(warning, phase.ToString(), message);
    }

    /// <summary>Sets a condition; its transition time moves only with its status.</summary>
    /// <returns>Whether status or reason changed, that is, whether it is news.</returns>
    public bool Set(string type, bool? status, string reason, string message)
    {
        var value = status switch { true => ConditionStatus.True, false => ConditionStatus.False, null => ConditionStatus.Unknown };
        var old = Status.Condition(type);
        if (old is not null && old.Status == value && old.Reason == reason && old.Message == message) return false;
        var condition = new Condition
        {
            Type = type,
            Status = value,
            Reason = reason,
            Message = message,
            ObservedGeneration = observation.Job.Generation,
            LastTransitionTime = old?.Status == value ? old.LastTransitionTime : observation.Now,
        };
        Status = Status with
        {
            Conditions = [.. Status.Conditions.Where(c => c.Type != type), condition],
            // What kubectl's REASON column shows: the newest thing to know; a warning is not what a job waits for.
            Reason = type == ConditionTypes.Warned ? Status.Reason : reason,
        };
        return old is null || old.Status != value || old.Reason != reason;
    }

    /// <summary>Sets a condition, and tells it as a warning when it is news.</summary>
    public void Warn(string type, bool? status, string reason, string message)
    {
        if (Set(type, status, reason, message)) Tell(warning: true, reason, message);
    }

    /// <summary>Takes a condition away: what it spoke of is over.</summary>
    public void Clear(string type)
    {
        if (Status.Condition(type) is not { } cleared) return;
        Condition[] left = [.. Status.Conditions.Where(c => c.Type != type)];
        var reason = Status.Reason == cleared.Reason ? left.LastOrDefault(c => c.Type != ConditionTypes.Warned)?.Reason : Status.Reason;
        Status = Status with { Conditions = left, Reason = reason };
    }

    /// <summary>The finished decision.</summary>
    public Decision ToDecision() => new()
    {
        Status = Status,
        Acts = acts,
        Events = events,
        Questions = questions,
        LookAgainAt = wakeAt,
        Console = Console,
    };
}
