using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.KubeRuntime.Leadership;

/// <summary>Who wants to lead what, and how patiently.</summary>
/// <param name="Lease">Key of the Lease object.</param>
/// <param name="Identity">What tells this process from all others, e.g. the pod's name and uid.</param>
public sealed record LeaderElectionOptions(NamespacedName Lease, string Identity)
{
    /// <summary>How long others must see the lease unchanged before they take it. Whole seconds.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long after the start of its last successful renewal a leader may act. Less than <see cref="LeaseDuration"/>.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two renewals, and between two looks at another's lease. Less than <see cref="RenewDeadline"/>.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Throws when the times don't fit together.</summary>
    public void Validate()
    {
        if (RenewDeadline >= LeaseDuration)
            throw new InvalidOperationException("The renew deadline must be shorter than the lease duration, or two could lead at once.");
        if (RetryPeriod * 1.2 >= RenewDeadline)
            throw new InvalidOperationException("The retry period must be shorter than the renew deadline.");
    }
}
