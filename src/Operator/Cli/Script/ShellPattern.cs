namespace GrpoOperator.Operator.Cli.Script;

/// <summary>The shell's patterns: <c>*</c>, <c>?</c>, <c>[…]</c>, and a backslash before what is meant as it stands.</summary>
internal static class ShellPattern
{
    /// <summary>The pattern that only <paramref name="text"/> itself matches.</summary>
    public static string Literal(string text) => string.Concat(text.Select(character => char.IsLetterOrDigit(character) ? $"{character}" : $"\\{character}"));

    /// <summary>True when the pattern matches all of the text.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        // The last star takes one more character each time that what follows it doesn't fit.
        var (at, from, starAt, starFrom) = (0, 0, -1, 0);
        while (from < text.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (starAt, starFrom) = (++at, from);
            }
            else if (at < pattern.Length && One(pattern[at..], text[from]) is var length && length > 0)
            {
                at += length;
                from++;
            }
            else if (starAt >= 0)
            {
                (at, from) = (starAt, ++starFrom);
            }
            else
            {
                return false;
            }
        }

        return pattern[at..].IndexOfAnyExcept('*') < 0;
    }

    /// <summary>The text without the part at its start (or end) that the pattern matches, the shortest or the longest.</summary>
    public static string Without(string text, string pattern, bool atEnd, bool longest)
    {
        // An end that is tried costs its length: long texts are few and patterns short.
        for (var step = 0; step <= text.Length; step++)
        {
            var length = longest ? text.Length - step : step;
            var part = atEnd ? text.AsSpan(text.Length - length) : text.AsSpan(0, length);
            if (Matches(pattern, part))
                return atEnd ? text[..^length] : text[length..];
        }

        return text;
    }

    // How much of the pattern matches this one character; 0 when it doesn't.
    private static int One(ReadOnlySpan<char> pattern, char character)
    {
        if (pattern[0] == '\\' && pattern.Length > 1)
            return pattern[1] == character ? 2 : 0;
        if (pattern[0] == '?')
            return 1;
        var end = pattern[0] == '[' && pattern.Length > 2 ? pattern[2..].IndexOf(']') : -1;
        if (end < 0)
            return pattern[0] == character ? 1 : 0;
        var set = pattern[1..(end + 2)];
        var isNegated = set[0] is '!' or '^';
        return InSet(isNegated ? set[1..] : set, character) != isNegated ? end + 3 : 0;
    }

    private static bool InSet(ReadOnlySpan<char> set, char character)
    {
        for (var at = 0; at < set.Length; at++)
        {
            if (at + 2 < set.Length && set[at + 1] == '-')
            {
                if (character >= set[at] && character <= set[at + 2])
                    return true;
                at += 2;
            }
            else if (set[at] == character)
            {
                return true;
            }
        }

        return false;
    }
}
