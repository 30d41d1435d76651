using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>What the inspection reports in its termination message; null where it could not be known.</summary>
public sealed record InspectionResult
{
    /// <summary>The node that looked.</summary>
    public string? Node { get; init; }

    /// <summary>What <c>config.json</c> and the weight index say.</summary>
    public InspectedModel? Model { get; init; }

    /// <summary>State of the converted weights.</summary>
    public WeightsState? Weights { get; init; }

    /// <summary>State of the data files.</summary>
    public DataState? Data { get; init; }

    /// <summary>Rows of all training files.</summary>
    public long? TrainRows { get; init; }

    /// <summary>Rows of all validation files.</summary>
    public long? ValRows { get; init; }

    /// <summary>Free bytes of the checkpoint directory's file system.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>Step of the newest checkpoint there.</summary>
    public int? NewestCheckpointStep { get; init; }

    /// <summary>How that checkpoint was saved.</summary>
    public InspectedCheckpoint? Checkpoint { get; init; }

    /// <summary>verl's installed version.</summary>
    public string? VerlVersion { get; init; }

    /// <summary>What is wrong, or worth a warning; none where the message doesn't speak of it, since anything may stand there.</summary>
    public IReadOnlyList<InspectionFinding> Findings { get => field ?? []; init; } = [];

    /// <summary>What a job's status keeps of it; findings come when they are complete.</summary>
    internal InspectionStatus ToStatus(int tries) => new()
    {
        Node = Node,
        ModelType = Model?.Type,
        Layers = Model?.Layers,
        AttentionHeads = Model?.AttentionHeads,
        KeyValueHeads = Model?.KeyValueHeads,
        Experts = Model?.Experts,
        Parameters = Model?.Parameters,
        WeightBytes = Model?.WeightBytes,
        Weights = Weights,
        Data = Data,
        TrainRows = TrainRows,
        ValRows = ValRows,
        FreeBytes = FreeBytes,
        NewestCheckpointStep = NewestCheckpointStep,
        VerlVersion = VerlVersion,
        Tries = tries,
    };

    /// <summary>The result in a termination message, or null when there is none.</summary>
    public static InspectionResult? Parse(string? message) =>
        TerminationMessage.Parse(message, VerdictJsonContext.Default.InspectionResult);
}

/// <summary>The model's shape; <paramref name="Parameters"/> by the index of its weights, <paramref name="WeightBytes"/> as the files lie there.</summary>
public sealed record InspectedModel(
    string? Type, int? Layers, int? AttentionHeads, int? KeyValueHeads, int? Experts, long? Parameters, long? WeightBytes);

/// <summary>A checkpoint that lies there already.</summary>
/// <param name="Step">Its step.</param>
/// <param name="Layout"><c>Fsdp</c>, <c>MegatronFlat</c> (verl before 0.9) or <c>Megatron</c>; null: another.</param>
/// <param name="WorldSize">Ranks that saved it, where that counts.</param>
public sealed record InspectedCheckpoint(int Step, string? Layout, int? WorldSize);

/// <summary>What a data or conversion Job reports.</summary>
/// <param name="Code">A launcher code; <c>Prepared</c>, <c>Converted</c>, <c>CacheHit</c>, <c>WeightsUnverified</c> are good ends.</param>
/// <param name="Message">For a human.</param>
/// <param name="TrainRows">Rows of the training files, from the data Job.</param>
/// <param name="ValRows">Rows of the validation files, from the data Job.</param>
/// <param name="Log">Last lines of the program.</param>
public sealed record BatchResult(string Code, string? Message, long? TrainRows, long? ValRows, string? Log)
{
    /// <summary>The result in a termination message, or null when there is none.</summary>
    public static BatchResult? Parse(string? message) => TerminationMessage.Parse(message, VerdictJsonContext.Default.BatchResult);
}

internal static class TerminationMessage
{
    /// <summary>Decodes a message that may be anything: a log's tail, cut JSON, nothing.</summary>
    public static T? Parse<T>(string? message, JsonTypeInfo<T> type)
        where T : class
    {
        if (message is null || !message.StartsWith('{')) return null;
        try
        {
            return JsonSerializer.Deserialize(message, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
