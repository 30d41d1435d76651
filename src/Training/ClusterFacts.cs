namespace GrpoOperator.Training;

/// <summary>What the operator knows about the cluster that it runs in; a fact that isn't known is off.</summary>
public sealed record ClusterFacts
{
    /// <summary>Whether nodes may be read (chart value <c>nodeAccess</c>).</summary>
    public bool NodeAccess { get; init; }

    /// <summary>Whether a NetworkPolicy is made for each job (chart value <c>networkPolicy</c>).</summary>
    public bool NetworkPolicy { get; init; } = true;

    /// <summary>Whether Volcano's PodGroup CRD is served.</summary>
    public bool Volcano { get; init; }

    /// <summary>
    /// Whether gangs of Volcano get a PodGroup of the operator's own (chart value <c>volcano.podGroups</c>). Before Volcano 1.12
    /// the one that Volcano makes has a single member, and no version number is served that would tell.
    /// </summary>
    public bool PodGroups { get; init; }

    /// <summary>What the administrator allows in a job's pods.</summary>
    public AllowedPodFields Allowed { get; init; } = new();
}
