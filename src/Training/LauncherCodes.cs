using System.Collections.Frozen;
using System.Text.Json;

namespace GrpoOperator.Training;

/// <summary>One code of the launcher's closed list.</summary>
/// <param name="Code">The code in a verdict.</param>
/// <param name="Class">The failure class that it means.</param>
/// <param name="Exit">The exit code of the container.</param>
/// <param name="Follower">It only says that a peer went: never to blame while anything else is.</param>
/// <param name="Meaning">For the documentation.</param>
public sealed record LauncherCode(string Code, string? Class, int Exit, bool Follower, string Meaning);

/// <summary>The list that launcher and operator share (<c>launcher-codes.json</c>, read by both sides' tests).</summary>
public static class LauncherCodes
{
    /// <summary>Rank 0's trainer ended with 0.</summary>
    public const string Succeeded = "Succeeded";

    /// <summary>Rank 0 found this job's <c>succeeded</c> mark.</summary>
    public const string AlreadySucceeded = "AlreadySucceeded";

    /// <summary>The trainer ran and failed.</summary>
    public const string TrainerFailed = "TrainerFailed";

    /// <summary>SIGTERM came before the trainer's end.</summary>
    public const string Terminated = "Terminated";

    /// <summary>A worker lost its head, which had said nothing of an end.</summary>
    public const string HeadGone = "HeadGone";

    private static readonly FrozenDictionary<string, LauncherCode> ByCode = Load();

    /// <summary>The entry of a code, or null when this operator doesn't know it.</summary>
    public static LauncherCode? Find(string? code) => code is null ? null : ByCode.GetValueOrDefault(code);

    private static FrozenDictionary<string, LauncherCode> Load()
    {
        using var stream = typeof(LauncherCodes).Assembly.GetManifestResourceStream("launcher/launcher-codes.json")
            ?? throw new InvalidOperationException("launcher-codes.json is not embedded.");
        var codes = JsonSerializer.Deserialize(stream, VerdictJsonContext.Default.ListLauncherCode) ?? [];
        return codes.ToFrozenDictionary(code => code.Code, StringComparer.Ordinal);
    }
}
