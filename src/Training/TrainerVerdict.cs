using System.Text.Json.Serialization;

namespace GrpoOperator.Training;

/// <summary>
/// What the launcher says of its end, in the container's termination message. A message that can't be parsed is no
/// verdict; then the exit code decides.
/// </summary>
public sealed record TrainerVerdict
{
    /// <summary>One of the launcher's codes (<see cref="LauncherCodes"/>).</summary>
    public required string Code { get; init; }

    /// <summary>The last step seen on the console, or null.</summary>
    public int? Step { get; init; }

    /// <summary>The step that the training resumed from, or null when it started from nothing.</summary>
    public int? Resumed { get; init; }

    /// <summary>The step of the newest checkpoint that was saved whole, or null.</summary>
    public int? Saved { get; init; }

    /// <summary>Whether the trainer process had been started.</summary>
    public bool Launched { get; init; }

    /// <summary>When it was started, UTC.</summary>
    public DateTime? LaunchTime { get; init; }

    /// <summary>The incarnation that the launcher belonged to.</summary>
    public int Incarnation { get; init; }

    /// <summary>One line for a human.</summary>
    public string? Message { get; init; }

    /// <summary>Name of the log signature that matched, or null.</summary>
    public string? Signature { get; init; }

    /// <summary>The console's last lines.</summary>
    public string? Log { get; init; }

    /// <summary>The verdict in a termination message, or null when there is none.</summary>
    public static TrainerVerdict? Parse(string? message) => TerminationMessage.Parse(message, VerdictJsonContext.Default.TrainerVerdict);
}

/// <summary>Source-generated JSON of the launcher's messages.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(TrainerVerdict))]
[JsonSerializable(typeof(InspectionResult))]
[JsonSerializable(typeof(BatchResult))]
[JsonSerializable(typeof(List<LauncherCode>))]
[JsonSerializable(typeof(List<LogSignature>))]
internal sealed partial class VerdictJsonContext : JsonSerializerContext;
