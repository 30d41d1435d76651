namespace GrpoOperator.Crds;

/// <summary>A node that next attempts stay off.</summary>
public sealed record SuspectNode
{
    /// <summary>Its name.</summary>
    public required string Node { get; init; }

    /// <summary>How often it failed first.</summary>
    public required int Count { get; init; }

    /// <summary>When it is trusted again.</summary>
    public DateTime? Until { get; init; }
}
