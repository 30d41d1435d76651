using System.Text.RegularExpressions;

namespace GrpoOperator.Training;

/// <summary>A message without what differs each time: addresses, hexadecimal and decimal numbers.</summary>
internal static partial class MaskedMessage
{
    /// <summary>
    /// The comparable part of a failure's message. Its first line names rank, pod and node, which may differ; below stand
    /// the container's own last lines.
    /// </summary>
    public static string Of(string message)
    {
        var lines = message.Split('\n', 2);
        return Numbers().Replace(lines.Length > 1 ? lines[1] : lines[0], "#");
    }

    [GeneratedRegex(@"0x[0-9a-fA-F]+|\b[0-9a-fA-F]{8,}\b|\d+", RegexOptions.NonBacktracking)]
    private static partial Regex Numbers();
}
