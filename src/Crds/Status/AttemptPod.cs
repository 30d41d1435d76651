namespace GrpoOperator.Crds;

/// <summary>A pod of an attempt.</summary>
public sealed record AttemptPod
{
    /// <summary>Ordinal in the StatefulSet, which is the rank.</summary>
    public required int Ordinal { get; init; }

    /// <summary>Uid.</summary>
    public required string Uid { get; init; }

    /// <summary>Node it was bound to.</summary>
    public required string Node { get; init; }
}
