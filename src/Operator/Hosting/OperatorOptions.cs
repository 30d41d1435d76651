using GrpoOperator.Training;

namespace GrpoOperator.Operator.Hosting;

/// <summary>What the command line of <c>run</c> says.</summary>
internal sealed record OperatorOptions
{
    /// <summary>Each namespace costs a list and a watch of every resource; beyond this a cluster-wide watch is cheaper.</summary>
    public const int MostNamespaces = 20;

    /// <summary>Namespaces to look after; empty: all. More than <see cref="MostNamespaces"/> are refused.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Least level of log lines.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Port of <c>/metrics</c>, <c>/healthz</c>, <c>/readyz</c>.</summary>
    public int MetricsPort { get; init; } = 8080;

    /// <summary>Whether a lease decides which replica acts.</summary>
    public bool LeaderElect { get; init; } = true;

    /// <summary>Namespace of the lease; null: the pod's own.</summary>
    public string? LeaseNamespace { get; init; }

    /// <summary>Name of the lease.</summary>
    public string LeaseName { get; init; } = "grpo-operator";

    /// <summary>Seconds after which another replica may take a lease that is not renewed.</summary>
    public int LeaseDuration { get; init; } = 15;

    /// <summary>Seconds after which a leader that could not renew stops writing.</summary>
    public int RenewDeadline { get; init; } = 10;

    /// <summary>Seconds between renewals.</summary>
    public int RetryPeriod { get; init; } = 2;

    /// <summary>Whether nodes may be read.</summary>
    public bool NodeAccess { get; init; }

    /// <summary>Whether each job gets a NetworkPolicy.</summary>
    public bool NetworkPolicy { get; init; } = true;

    /// <summary>Whether gangs of Volcano get a PodGroup of the operator's own.</summary>
    public bool VolcanoPodGroups { get; init; }

    /// <summary>What jobs' pods may have beyond the restricted profile.</summary>
    public AllowedPodFields Allowed { get; init; } = new();

    /// <summary>Factor for every wait; only with <c>--testing</c>.</summary>
    public double TimeScale { get; init; } = 1;

    /// <summary>What is wrong with the options taken together, one sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        if (Namespaces.Count > MostNamespaces)
            yield return $"--namespaces: {Namespaces.Count} are more than {MostNamespaces}; leave it out to look after the whole cluster";
        if (RenewDeadline >= LeaseDuration) yield return $"--renew-deadline {RenewDeadline}: must be less than --lease-duration {LeaseDuration}";
        if (RetryPeriod * 1.2 >= RenewDeadline) yield return $"--retry-period {RetryPeriod}: must be less than --renew-deadline {RenewDeadline} / 1.2";
    }
}
