namespace GrpoOperator.Crds;

/// <summary>Prompts.</summary>
public sealed record DataSpec
{
    /// <summary>Training files, absolute, Parquet or JSON.</summary>
    public required IReadOnlyList<string> TrainFiles { get; init; }

    /// <summary>Validation files, absolute, Parquet or JSON.</summary>
    public required IReadOnlyList<string> ValFiles { get; init; }

    /// <summary>Prompts per step; 0 only with another launch module.</summary>
    public required int TrainBatchSize { get; init; }

    /// <summary>Tokens of a prompt at most; null: verl's 512.</summary>
    public int? MaxPromptLength { get; init; }

    /// <summary>Tokens of a response at most; null: verl's 512.</summary>
    public int? MaxResponseLength { get; init; }

    /// <summary>What happens to a prompt that is too long.</summary>
    public Truncation? Truncation { get; init; }

    /// <summary>Whether prompts that are too long are left out.</summary>
    public bool? FilterOverlongPrompts { get; init; }

    /// <summary>The Job that makes the files; null: they are there.</summary>
    public DataPrepareSpec? Prepare { get; init; }
}
