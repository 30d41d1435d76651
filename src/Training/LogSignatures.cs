using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GrpoOperator.Training;

/// <summary>A line of a trainer's console that tells why it ended.</summary>
/// <param name="Signature">The name that the launcher writes into its verdict.</param>
/// <param name="Pattern">A pattern without backtracking, over the console's last lines.</param>
/// <param name="Class">The failure class.</param>
/// <param name="Follower">It only says that a peer went.</param>
public sealed record LogSignature(string Signature, string Pattern, string Class, bool Follower);

/// <summary>
/// The signatures that launcher and operator share (<c>log-signatures.json</c>), in the order in which they are tried. The
/// launcher matches them; where it left no verdict the kubelet's copy of the log's end is matched here.
/// </summary>
public static class LogSignatures
{
    private static readonly IReadOnlyList<LogSignature> All = Load();
    private static readonly FrozenDictionary<string, LogSignature> ByName = All.ToFrozenDictionary(signature => signature.Signature, StringComparer.Ordinal);
    private static readonly IReadOnlyList<(LogSignature Signature, Regex Pattern)> Patterns =
        [.. All.Select(signature => (signature, new Regex(signature.Pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)))];

    /// <summary>The entry of a name, or null.</summary>
    public static LogSignature? Find(string? name) => name is null ? null : ByName.GetValueOrDefault(name);

    /// <summary>The first signature that the text shows, primary causes before followers; or null.</summary>
    public static LogSignature? In(string? text) => string.IsNullOrEmpty(text)
        ? null
        : Patterns.Where(entry => entry.Pattern.IsMatch(text)).Select(entry => entry.Signature).OrderBy(signature => signature.Follower).FirstOrDefault();

    private static List<LogSignature> Load()
    {
        using var stream = typeof(LogSignatures).Assembly.GetManifestResourceStream("launcher/log-signatures.json");
        return stream is null ? [] : JsonSerializer.Deserialize(stream, VerdictJsonContext.Default.ListLogSignature) ?? [];
    }
}
