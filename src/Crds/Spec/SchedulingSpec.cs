namespace GrpoOperator.Crds;

/// <summary>Scheduler, queue and gang.</summary>
public sealed record SchedulingSpec
{
    /// <summary>Scheduler; null: the cluster's default.</summary>
    public string? SchedulerName { get; init; }

    /// <summary>Priority class of the pods.</summary>
    public string? PriorityClassName { get; init; }

    /// <summary>Volcano queue.</summary>
    public string? Queue { get; init; }

    /// <summary>Who makes sure that all pods start together.</summary>
    public GangMode Gang { get; init; } = GangMode.Auto;

    /// <summary>Seconds after which a partly bound gang is released.</summary>
    public int GangTimeoutSeconds { get; init; } = 300;

    /// <summary>Seconds until all pods must be bound; null: for ever.</summary>
    public int? PendingDeadlineSeconds { get; init; }
}
