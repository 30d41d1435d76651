namespace GrpoOperator.Crds;

/// <summary>The frozen policy that KL is measured against.</summary>
public sealed record ReferenceSpec
{
    /// <summary>Parallel sizes; unset ones count as the actor's in rules.</summary>
    public ModelParallelism? Parallelism { get; init; }

    /// <summary>Whether parameters are kept in host memory while they aren't needed.</summary>
    public bool? OffloadParameters { get; init; }

    /// <summary>Samples per NPU and forward pass of log probabilities.</summary>
    public int? LogProbMicroBatchSizePerNpu { get; init; }

    /// <summary>Whether these batches are packed by tokens.</summary>
    public bool? LogProbUseDynamicBatchSize { get; init; }

    /// <summary>Tokens per NPU and forward pass with dynamic batches.</summary>
    public int? LogProbMaxTokensPerNpu { get; init; }
}
