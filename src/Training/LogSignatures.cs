using System.Collections.Frozen;
using System.Text.Json;

namespace GrpoOperator.Training;

/// <summary>A line of a trainer's console that tells why it ended.</summary>
/// <param name="Signature">The name that the launcher writes into its verdict.</param>
/// <param name="Class">The failure class.</param>
/// <param name="Follower">It only says that a peer went.</param>
public sealed record LogSignature(string Signature, string Class, bool Follower);

/// <summary>The signatures that launcher and operator share (<c>log-signatures.json</c>); the launcher does the matching.</summary>
public static class LogSignatures
{
    private static readonly FrozenDictionary<string, LogSignature> ByName = Load();

    /// <summary>The entry of a name, or null.</summary>
    public static LogSignature? Find(string? name) => name is null ? null : ByName.GetValueOrDefault(name);

    private static FrozenDictionary<string, LogSignature> Load()
    {
        using var stream = typeof(LogSignatures).Assembly.GetManifestResourceStream("launcher/log-signatures.json");
        if (stream is null) return FrozenDictionary<string, LogSignature>.Empty;
        var signatures = JsonSerializer.Deserialize(stream, VerdictJsonContext.Default.ListLogSignature) ?? [];
        return signatures.ToFrozenDictionary(signature => signature.Signature, StringComparer.Ordinal);
    }
}
