using System.Text.Json.Serialization;

namespace GrpoOperator.Crds;

/// <summary>Scheduler, queue and gang.</summary>
public sealed record SchedulingSpec
{
    /// <summary>The CRD's defaults: a parameter stands for each field whose default isn't its type's zero.</summary>
    /// <remarks>Generated JSON readers know the defaults of parameters but not those of init-only properties.</remarks>
    [JsonConstructor]
    public SchedulingSpec(
        int gangTimeoutSeconds = 300)
    {
        GangTimeoutSeconds = gangTimeoutSeconds;
    }

    /// <summary>Scheduler; null: the cluster's default.</summary>
    public string? SchedulerName { get; init; }

    /// <summary>Priority class of the pods.</summary>
    public string? PriorityClassName { get; init; }

    /// <summary>Volcano queue.</summary>
    public string? Queue { get; init; }

    /// <summary>Who makes sure that all pods start together.</summary>
    public GangMode Gang { get; init; } = GangMode.Auto;

    /// <summary>Seconds after which a partly bound gang is released.</summary>
    public int GangTimeoutSeconds { get; init; }

    /// <summary>Seconds until all pods must be bound; null: for ever.</summary>
    public int? PendingDeadlineSeconds { get; init; }
}
