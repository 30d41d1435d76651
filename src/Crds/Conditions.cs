namespace GrpoOperator.Crds;

/// <summary>Every condition type of a job. A closed list: nothing else is ever written.</summary>
public static class ConditionTypes
{
    /// <summary>True: every rule holds. False: the reason is the first broken rule, the message lists all.</summary>
    public const string Valid = "Valid";

    /// <summary>True: something is worth a look but stops nothing; the message lists all warnings.</summary>
    public const string Warned = "Warned";

    /// <summary>False: the spec was changed where it may not be; the running incarnation keeps what it has.</summary>
    public const string SpecInSync = "SpecInSync";

    /// <summary>True: paths, data and image were looked at and found fit. False: an error finding. Unknown: the look itself broke.</summary>
    public const string Inspected = "Inspected";

    /// <summary>True: all data files are there.</summary>
    public const string DataReady = "DataReady";

    /// <summary>True: the weights are there in the form that training needs.</summary>
    public const string WeightsReady = "WeightsReady";

    /// <summary>True: all pods of the current attempt are bound. False: the message says what they wait for.</summary>
    public const string PodsScheduled = "PodsScheduled";

    /// <summary>True: all pods of the current attempt are ready.</summary>
    public const string PodsReady = "PodsReady";

    /// <summary>True: rank 0 has launched the trainer (or, without one, all NPUs have joined).</summary>
    public const string Running = "Running";

    /// <summary>True: no step in time. Unknown: rank 0's log can't be read, so nobody can tell.</summary>
    public const string StepStalled = "StepStalled";

    /// <summary>False: training goes on but its figures are suspect.</summary>
    public const string TrainingHealthy = "TrainingHealthy";

    /// <summary>True: suspended, and no pod is left.</summary>
    public const string Suspended = "Suspended";

    /// <summary>True: final, rank 0's trainer ended with 0.</summary>
    public const string Succeeded = "Succeeded";

    /// <summary>True: final, no further attempt is made.</summary>
    public const string Failed = "Failed";

    /// <summary>All types, in the order in which they are written.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Valid, Warned, SpecInSync, Inspected, DataReady, WeightsReady, PodsScheduled, PodsReady, Running,
        StepStalled, TrainingHealthy, Suspended, Succeeded, Failed,
    ];
}
