using System.Collections.Frozen;
using GrpoOperator.Crds;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>What is known of model, data and storage beside a spec; the inspection finds it out. Null: not known, and what needs it is left out.</summary>
public sealed record InspectedFacts
{
    /// <summary>Nothing is known.</summary>
    public static InspectedFacts None { get; } = new();

    /// <summary>Hidden layers of the model.</summary>
    public int? Layers { get; init; }

    /// <summary>Attention heads of a layer.</summary>
    public int? AttentionHeads { get; init; }

    /// <summary>Key-value heads of a layer.</summary>
    public int? KeyValueHeads { get; init; }

    /// <summary>Experts of a layer; null or 0 for a dense model.</summary>
    public int? Experts { get; init; }

    /// <summary>Parameters of the model.</summary>
    public long? Parameters { get; init; }

    /// <summary>Bytes of the weight files as they lie there.</summary>
    public long? WeightBytes { get; init; }

    /// <summary>Rows of all training files.</summary>
    public long? TrainRows { get; init; }

    /// <summary>Free bytes where checkpoints go.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>The newest checkpoint where checkpoints go.</summary>
    public InspectedCheckpoint? Checkpoint { get; init; }

    /// <summary>Access modes of claims, by name; a claim that could not be seen has none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Claims { get; init; } = FrozenDictionary<string, IReadOnlyList<string>>.Empty;

    /// <summary>What an inspection left in a job's status.</summary>
    public static InspectedFacts Of(InspectionStatus? status) => status is null ? None : new InspectedFacts
    {
        Layers = status.Layers,
        AttentionHeads = status.AttentionHeads,
        KeyValueHeads = status.KeyValueHeads,
        Experts = status.Experts,
        Parameters = status.Parameters,
        WeightBytes = status.WeightBytes,
        TrainRows = status.TrainRows,
        FreeBytes = status.FreeBytes,
    };
}
