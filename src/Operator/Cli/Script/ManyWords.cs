namespace GrpoOperator.Operator.Cli.Script;

/// <summary>Finds what bash makes several words of before a command sees it: braces, and the names of files.</summary>
internal static class ManyWords
{
    /// <summary>Why the word may become several; null when it doesn't.</summary>
    public static string? Reason(Word word) =>
        HasBraces(word) ? "braces that bash expands into several words are not understood"
        : HasStar(word) ? "the files that match a pattern are known only when the script runs"
        : null;

    // Behind key= a pattern stays as it is, since no file has such a name.
    private static bool HasStar(Word word)
    {
        foreach (var text in word.Parts.OfType<WordPart.Text>())
        {
            var at = text.Value.AsSpan().IndexOfAny('=', text.IsQuoted ? '=' : '*');
            if (at >= 0)
                return text.Value[at] == '*';
        }

        return false;
    }

    private static bool HasBraces(Word word)
    {
        var opens = 0;
        var divides = false;
        foreach (var part in word.Parts)
        {
            if (part is not WordPart.Text { IsQuoted: false } text)
                continue;
            for (var at = 0; at < text.Value.Length; at++)
            {
                var character = text.Value[at];
                if (character == '{')
                    (opens, divides) = (opens + 1, false);
                else if (opens > 0 && (character == ',' || (character == '.' && at + 1 < text.Value.Length && text.Value[at + 1] == '.')))
                    divides = true;
                else if (character == '}' && opens-- > 0 && divides)
                    return true;
                opens = Math.Max(opens, 0);
            }
        }

        return false;
    }
}
