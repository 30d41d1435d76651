namespace GrpoOperator.Training.Verl.Hydra;

/// <summary>
/// Splits the text after an override's <c>=</c> as Hydra 1.3 does: at each place the longest match wins, and of two
/// equally long ones the one that stands first in <see cref="Rules"/>.
/// </summary>
internal static class HydraLexer
{
    private static readonly (HydraTokenKind Kind, Scan Length)[] Rules =
    [
        (HydraTokenKind.ParenthesisOpen, text => Punctuation(text, '(', blanksBefore: true, blanksAfter: true)),
        (HydraTokenKind.Comma, text => Punctuation(text, ',', blanksBefore: true, blanksAfter: true)),
        (HydraTokenKind.ParenthesisClose, text => Punctuation(text, ')', blanksBefore: true, blanksAfter: false)),
        (HydraTokenKind.BracketOpen, text => Punctuation(text, '[', blanksBefore: false, blanksAfter: true)),
        (HydraTokenKind.BracketClose, text => Punctuation(text, ']', blanksBefore: true, blanksAfter: false)),
        (HydraTokenKind.BraceOpen, text => Punctuation(text, '{', blanksBefore: false, blanksAfter: true)),
        (HydraTokenKind.BraceClose, text => Punctuation(text, '}', blanksBefore: true, blanksAfter: false)),
        (HydraTokenKind.Colon, text => Punctuation(text, ':', blanksBefore: true, blanksAfter: true)),
        (HydraTokenKind.Equal, text => Punctuation(text, '=', blanksBefore: true, blanksAfter: true)),
        (HydraTokenKind.Float, HydraNumber.FloatLength),
        (HydraTokenKind.Int, HydraNumber.IntLength),
        (HydraTokenKind.Bool, text => Math.Max(Word(text, "true"), Word(text, "false"))),
        (HydraTokenKind.Null, text => Word(text, "null")),
        (HydraTokenKind.Character, text => "/-\\+.$%*@?|".Contains(text[0], StringComparison.Ordinal) ? 1 : 0),
        (HydraTokenKind.Identifier, Identifier),
        (HydraTokenKind.Escape, Escape),
        (HydraTokenKind.Blank, Blanks),
        (HydraTokenKind.Quoted, Quoted),
        (HydraTokenKind.Interpolation, Interpolation),
    ];

    private delegate int Scan(ReadOnlySpan<char> text);

    /// <summary>The tokens of <paramref name="text"/>, or null with the place (0-based) where no token begins.</summary>
    public static List<HydraToken>? Split(string text, out int refusedAt)
    {
        var tokens = new List<HydraToken>();
        refusedAt = 0;
        while (refusedAt < text.Length)
        {
            var rest = text.AsSpan(refusedAt);
            var (kind, length) = (default(HydraTokenKind), 0);
            foreach (var rule in Rules)
            {
                if (rule.Length(rest) is var candidate && candidate > length)
                    (kind, length) = (rule.Kind, candidate);
            }

            if (length == 0)
                return null;
            tokens.Add(new HydraToken(kind, rest[..length].ToString()));
            refusedAt += length;
        }

        return tokens;
    }

    /// <summary>How many blanks (spaces, tabs) stand at the start.</summary>
    private static int Blanks(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExcept(' ', '\t');
        return end < 0 ? text.Length : end;
    }

    private static int Punctuation(ReadOnlySpan<char> text, char mark, bool blanksBefore, bool blanksAfter)
    {
        var at = blanksBefore ? Blanks(text) : 0;
        if (at == text.Length || text[at] != mark)
            return 0;
        return at + 1 + (blanksAfter ? Blanks(text[(at + 1)..]) : 0);
    }

    private static int Word(ReadOnlySpan<char> text, string word) =>
        text.StartsWith(word, StringComparison.OrdinalIgnoreCase) ? word.Length : 0;

    private static int Identifier(ReadOnlySpan<char> text)
    {
        if (!char.IsAsciiLetter(text[0]) && text[0] != '_')
            return 0;
        var length = 1;
        while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || text[length] is '_' or '-'))
            length++;
        return length;
    }

    private static int Escape(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length + 1 < text.Length && text[length] == '\\' && @"\()[]{}:=, ".Contains(text[length + 1], StringComparison.Ordinal))
            length += 2;
        return length;
    }

    // Quoted text ends at the first quote of its kind that has an even number of backslashes in front.
    private static int Quoted(ReadOnlySpan<char> text)
    {
        if (text[0] is not ('\'' or '"'))
            return 0;
        for (var at = 1; at < text.Length; at++)
        {
            if (text[at] == '\\')
                at++;
            else if (text[at] == text[0])
                return at + 1;
        }

        return 0;
    }

    private static int Interpolation(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith("${", StringComparison.Ordinal))
            return 0;
        var end = text[2..].IndexOfAny('{', '}');
        return end > 0 && text[2 + end] == '}' ? end + 3 : 0;
    }
}
