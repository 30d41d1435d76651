namespace GrpoOperator.Crds;

/// <summary>Generation of the samples.</summary>
public sealed record RolloutSpec
{
    /// <summary>Inference engine; null counts as <see cref="RolloutEngine.VLlm"/>.</summary>
    public RolloutEngine? Engine { get; init; }

    /// <summary>Samples per prompt: the GRPO group.</summary>
    public required int SamplesPerPrompt { get; init; }

    /// <summary>Parallel sizes of one replica.</summary>
    public RolloutParallelism? Parallelism { get; init; }

    /// <summary>Share of NPU memory for weights and cache, a decimal string in (0,1].</summary>
    public string? NpuMemoryUtilization { get; init; }

    /// <summary>Whether graph mode is off.</summary>
    public bool? EnforceEager { get; init; }

    /// <summary>Tokens of prompt and response together at most.</summary>
    public int? MaxModelLength { get; init; }

    /// <summary>Tokens in flight at once at most.</summary>
    public int? MaxBatchedTokens { get; init; }

    /// <summary>Samples per NPU and forward pass of log probabilities.</summary>
    public int? LogProbMicroBatchSizePerNpu { get; init; }

    /// <summary>Whether these batches are packed by tokens.</summary>
    public bool? LogProbUseDynamicBatchSize { get; init; }

    /// <summary>Tokens per NPU and forward pass with dynamic batches.</summary>
    public int? LogProbMaxTokensPerNpu { get; init; }
}
