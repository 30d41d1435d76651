namespace GrpoOperator.Crds;

/// <summary>Parallel sizes of one rollout replica; null: verl's default.</summary>
public sealed record RolloutParallelism
{
    /// <summary>Tensor parallel size.</summary>
    public int? Tensor { get; init; }

    /// <summary>Data parallel size.</summary>
    public int? Data { get; init; }

    /// <summary>Expert parallel size.</summary>
    public int? Expert { get; init; }
}
