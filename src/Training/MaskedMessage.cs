using System.Text.RegularExpressions;

namespace GrpoOperator.Training;

/// <summary>A message without what differs each time: addresses, hexadecimal and decimal numbers.</summary>
internal static partial class MaskedMessage
{
    private const int Lines = 3;

    /// <summary>
    /// The comparable part of a failure's message. Its first line names rank, pod and node, which may differ; below stand
    /// the container's own last lines, cut somewhere to fit: only the very last ones are the same each time.
    /// </summary>
    public static string Of(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var last = lines.Length > 1 ? lines.Skip(1).TakeLast(Lines) : lines;
        return Numbers().Replace(string.Join('\n', last), "#");
    }

    [GeneratedRegex(@"0x[0-9a-fA-F]+|\b[0-9a-fA-F]{8,}\b|\d+", RegexOptions.NonBacktracking)]
    private static partial Regex Numbers();
}
