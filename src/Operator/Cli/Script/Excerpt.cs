namespace GrpoOperator.Operator.Cli.Script;

/// <summary>Text of a script for a message or a comment: one line, of bounded length, without control characters.</summary>
internal static class Excerpt
{
    private const int Longest = 100;

    /// <summary>The excerpt.</summary>
    public static string Of(string text)
    {
        var line = string.Join(' ', text.Split((char[])[' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
        var cut = line.Length <= Longest ? line : line[..(char.IsHighSurrogate(line[Longest - 1]) ? Longest - 1 : Longest)] + "…";
        return string.Concat(cut.Select(character => IsPlain(character) ? character : '\uFFFD'));
    }

    // Line and paragraph separators end a YAML comment; a lone surrogate is no text.
    private static bool IsPlain(char character) =>
        !char.IsControl(character) && character is not ('\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF');
}
