namespace GrpoOperator.Crds;

/// <summary>What the inspection Job found; null: not known.</summary>
public sealed record InspectionStatus
{
    /// <summary>Node it ran on.</summary>
    public string? Node { get; init; }

    /// <summary>Model type of <c>config.json</c>.</summary>
    public string? ModelType { get; init; }

    /// <summary>Hidden layers.</summary>
    public int? Layers { get; init; }

    /// <summary>Attention heads.</summary>
    public int? AttentionHeads { get; init; }

    /// <summary>Key-value heads.</summary>
    public int? KeyValueHeads { get; init; }

    /// <summary>Experts; 0: a dense model.</summary>
    public int? Experts { get; init; }

    /// <summary>Parameters, from the weight index.</summary>
    public long? Parameters { get; init; }

    /// <summary>Bytes of the model's weight files, as they lie there.</summary>
    public long? WeightBytes { get; init; }

    /// <summary>State of the converted weights.</summary>
    public WeightsState? Weights { get; init; }

    /// <summary>State of the data files.</summary>
    public DataState? Data { get; init; }

    /// <summary>Rows of the training files.</summary>
    public long? TrainRows { get; init; }

    /// <summary>Rows of the validation files.</summary>
    public long? ValRows { get; init; }

    /// <summary>Free bytes in the checkpoint directory.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>Step of the newest checkpoint there.</summary>
    public int? NewestCheckpointStep { get; init; }

    /// <summary>verl's version in the image.</summary>
    public string? VerlVersion { get; init; }

    /// <summary>Findings.</summary>
    public IReadOnlyList<InspectionFinding>? Findings { get; init; }

    /// <summary>Tries that broke, or found an error, since the last good one.</summary>
    public int Tries { get; init; }

    /// <summary>When it is inspected again.</summary>
    public DateTime? NextTime { get; init; }
}

/// <summary>State of the converted weights.</summary>
public enum WeightsState
{
    /// <summary>Complete and made from this model.</summary>
    Complete,

    /// <summary>Not there.</summary>
    Absent,

    /// <summary>Started but not finished, or foreign content.</summary>
    Incomplete,

    /// <summary>Made from another model.</summary>
    OtherModel,

    /// <summary>Complete, source not recorded.</summary>
    Unverified,

    /// <summary>Not looked at.</summary>
    NotChecked,
}

/// <summary>State of the data files.</summary>
public enum DataState
{
    /// <summary>All there.</summary>
    Present,

    /// <summary>None there.</summary>
    Absent,

    /// <summary>Some there.</summary>
    Partial,

    /// <summary>Not looked at.</summary>
    NotChecked,
}
