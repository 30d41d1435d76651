using System.Text;

namespace GrpoOperator.Training.Verl.Hydra;

/// <summary>How Hydra and OmegaConf turn tokens into strings: quotes, escapes, and the two meanings of <c>${</c>.</summary>
internal static class HydraText
{
    /// <summary>
    /// The content of a quoted token. Only backslashes directly before a quote of its own kind, or before its end, are escapes:
    /// they are halved, and an odd one keeps the quote.
    /// </summary>
    public static string Unquote(string quoted)
    {
        var quote = quoted[0];
        var content = quoted.AsSpan(1, quoted.Length - 2);
        var text = new StringBuilder(content.Length);
        for (var at = 0; at < content.Length;)
        {
            var run = BackslashesAt(content, at);
            var end = at + run;
            var escapes = end == content.Length || content[end] == quote;
            text.Append('\\', escapes ? run / 2 : run);
            if (end < content.Length)
                text.Append(content[end]);
            at = end + 1;
        }

        return text.ToString();
    }

    /// <summary>The text of unquoted tokens, each backslash escape replaced by the character it stands for.</summary>
    public static string Join(IReadOnlyList<HydraToken> tokens)
    {
        var text = new StringBuilder();
        foreach (var token in tokens)
        {
            if (token.Kind is not HydraTokenKind.Escape)
                text.Append(token.Text);
            else
                for (var at = 1; at < token.Text.Length; at += 2)
                    text.Append(token.Text[at]);
        }

        return text.ToString();
    }

    /// <summary>Blanks around an unquoted value don't belong to it; escaped ones do.</summary>
    public static List<HydraToken> Trim(List<HydraToken> tokens)
    {
        var from = tokens[0].Kind is HydraTokenKind.Blank ? 1 : 0;
        var to = tokens[^1].Kind is HydraTokenKind.Blank ? tokens.Count - 1 : tokens.Count;
        return tokens.GetRange(from, Math.Max(0, to - from));
    }

    /// <summary>
    /// The string as verl gets it: with a live <c>${</c> (an even number of backslashes in front) an interpolation, else
    /// with OmegaConf's escapes undone.
    /// </summary>
    public static HydraValue Resolve(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var run = BackslashesAt(text, at);
            var end = at + run;
            var opens = text.AsSpan(end).StartsWith("${", StringComparison.Ordinal);
            if (opens && run % 2 == 0)
                return new HydraValue.Interpolation(text);
            plain.Append('\\', opens ? run / 2 : run);
            if (end < text.Length)
                plain.Append(text[end]);
            at = end + 1;
        }

        return new HydraValue.Text(plain.ToString());
    }

    /// <summary>How many backslashes stand in a row from <paramref name="at"/> on.</summary>
    public static int BackslashesAt(ReadOnlySpan<char> text, int at)
    {
        var run = text[at..].IndexOfAnyExcept('\\');
        return run < 0 ? text.Length - at : run;
    }
}
