namespace GrpoOperator.Crds;

/// <summary>The model and its weights.</summary>
public sealed record ModelSpec
{
    /// <summary>Hugging Face weights: an absolute directory, a hub id or a URI.</summary>
    public required string Path { get; init; }

    /// <summary>How Megatron gets its weights; null counts as <see cref="WeightsMode.DistCheckpoint"/> there and as "not given" elsewhere.</summary>
    public WeightsMode? Weights { get; init; }

    /// <summary>Absolute directory of the converted weights, below a mount's root.</summary>
    public string? DistCheckpointPath { get; init; }
}
