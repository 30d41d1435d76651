namespace GrpoOperator.Crds;

/// <summary>Where a job stands; one at a time.</summary>
public enum JobPhase
{
    /// <summary>New, or waiting for a queue, a gang, capacity or a gang release's back-off.</summary>
    Pending,

    /// <summary>Inspection or data preparation.</summary>
    Preparing,

    /// <summary>Weights are converted.</summary>
    Converting,

    /// <summary>All pods are bound, the trainer isn't launched.</summary>
    Starting,

    /// <summary>The trainer was launched.</summary>
    Running,

    /// <summary>Final: rank 0's trainer ended with 0.</summary>
    Succeeded,

    /// <summary>Final: no further attempt is made.</summary>
    Failed,

    /// <summary>The spec or the storage breaks a rule; correcting it starts the job.</summary>
    Invalid,

    /// <summary>From a failure until the next StatefulSet is made.</summary>
    Restarting,

    /// <summary>Suspended, and no pod is left.</summary>
    Suspended,
}
