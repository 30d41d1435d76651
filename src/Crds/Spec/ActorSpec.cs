using System.Text.Json;

namespace GrpoOperator.Crds;

/// <summary>The policy that is trained.</summary>
public sealed record ActorSpec
{
    /// <summary>Prompts per PPO update.</summary>
    public required int PpoMiniBatchSize { get; init; }

    /// <summary>Samples per NPU and forward pass; required unless batches are dynamic.</summary>
    public int? PpoMicroBatchSizePerNpu { get; init; }

    /// <summary>Whether micro batches are packed by tokens.</summary>
    public bool? UseDynamicBatchSize { get; init; }

    /// <summary>Tokens per NPU and forward pass with dynamic batches.</summary>
    public int? MaxTokensPerNpu { get; init; }

    /// <summary>Learning rate, a decimal string.</summary>
    public string? LearningRate { get; init; }

    /// <summary>Weight of the entropy bonus, a decimal string.</summary>
    public string? EntropyCoefficient { get; init; }

    /// <summary>Whether KL to the reference is part of the loss; null: iff the coefficient isn't zero.</summary>
    public bool? UseKlLoss { get; init; }

    /// <summary>Weight of the KL loss, a decimal string.</summary>
    public string? KlLossCoefficient { get; init; }

    /// <summary>verl's name of the KL estimator.</summary>
    public string? KlLossType { get; init; }

    /// <summary>Parallel sizes.</summary>
    public ModelParallelism? Parallelism { get; init; }

    /// <summary>What is kept in host memory while it isn't needed.</summary>
    public ActorOffload? Offload { get; init; }

    /// <summary>Megatron/MindSpeed <c>override_transformer_config</c> entries: scalars or lists of scalars.</summary>
    public IReadOnlyDictionary<string, JsonElement>? TransformerConfig { get; init; }
}
