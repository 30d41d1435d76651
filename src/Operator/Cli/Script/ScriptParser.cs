namespace GrpoOperator.Operator.Cli.Script;

/// <summary>
/// Reads bash as launch scripts use it, into commands. What stands inside <c>$(…)</c> and here-documents is passed over; a
/// form that isn't known is refused with its line.
/// </summary>
internal sealed partial class ScriptParser
{
    private readonly ScriptCursor cursor;
    private readonly WordReader words;

    private ScriptParser(string text, int line)
    {
        cursor = new ScriptCursor(text, line);
        words = new WordReader(cursor);
    }

    /// <summary>The commands of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="line">The line where it begins.</param>
    /// <exception cref="ScriptException">It holds something unknown, or too much.</exception>
    public static ScriptCommand Read(string text, int line = 1)
    {
        if (text.Length > Budget.ScriptCharacters)
            throw new ScriptException(1, $"the script is larger than {Budget.ScriptCharacters / 1024} KiB");
        var parser = new ScriptParser(text, line);
        var script = parser.Sequence();
        return parser.cursor.IsAtEnd ? script : throw new ScriptException(parser.cursor.Line, $"'{parser.cursor.Next}' is not expected here");
    }

    // Ends before a word or mark that closes the construct around it.
    private ScriptCommand.Sequence Sequence()
    {
        using var level = cursor.Enter();
        var line = cursor.Line;
        var items = new List<ScriptCommand>();
        while (true)
        {
            cursor.SkipLines();
            if (cursor.IsAtEnd || ClosesSequence())
                return new ScriptCommand.Sequence(line, items);
            var command = Chain();
            cursor.SkipBlanks();
            if (cursor.Next == '&')
            {
                cursor.Take();
                items.Add(new ScriptCommand.Subshell(command.Line, command));
                continue;
            }

            items.Add(command);
            if (cursor.Next == ';' && cursor.Peek(1) != ';')
                cursor.Take();
            else if (!cursor.IsAtEnd && cursor.Next != '\n' && !ClosesSequence())
                throw new ScriptException(cursor.Line, $"'{cursor.Next}' is not expected here");
        }
    }

    private bool ClosesSequence() =>
        cursor.Next == ')' || cursor.Comes(";;") || cursor.Comes(";&") || cursor.ComesWord("}") || cursor.ComesWord("then") || cursor.ComesWord("elif")
        || cursor.ComesWord("else") || cursor.ComesWord("fi") || cursor.ComesWord("do") || cursor.ComesWord("done") || cursor.ComesWord("esac");

    private ScriptCommand Chain()
    {
        var first = Pipeline();
        var rest = new List<(bool IsAnd, ScriptCommand Next)>();
        while (true)
        {
            cursor.SkipBlanks();
            var isAnd = cursor.Comes("&&");
            if (!isAnd && !cursor.Comes("||"))
                break;
            cursor.TryTake(isAnd ? "&&" : "||");
            cursor.SkipLines();
            rest.Add((isAnd, Pipeline()));
        }

        return rest.Count == 0 ? first : new ScriptCommand.Chain(first.Line, first, rest);
    }

    private ScriptCommand Pipeline()
    {
        cursor.SkipBlanks();
        var line = cursor.Line;
        var isNegated = false;
        while (cursor.TryTakeWord("!"))
        {
            isNegated = !isNegated;
            cursor.SkipBlanks();
        }

        var parts = new List<ScriptCommand> { Command() };
        cursor.SkipBlanks();
        while (cursor.Next == '|' && cursor.Peek(1) != '|')
        {
            cursor.Take();
            if (cursor.Next == '&')
                cursor.Take();
            cursor.SkipLines();
            parts.Add(Command());
            cursor.SkipBlanks();
        }

        return parts.Count == 1 && !isNegated ? parts[0] : new ScriptCommand.Pipeline(line, parts, isNegated);
    }

    private ScriptCommand Command()
    {
        using var level = cursor.Enter();
        cursor.SkipBlanks();
        if (Compound() is not { } compound)
            return Simple();
        while (Redirection())
            cursor.SkipBlanks();
        return compound;
    }

    // < > << >> &> with what they lead to; a file descriptor may stand before them.
    private bool Redirection()
    {
        cursor.SkipBlanks();
        var digits = 0;
        while (char.IsAsciiDigit(cursor.Peek(digits)))
            digits++;
        var isBoth = digits == 0 && cursor.Comes("&>");
        if (!isBoth && (cursor.Peek(digits) is not ('<' or '>') || cursor.Peek(digits + 1) == '('))
            return false;
        for (var left = digits + (isBoth ? 1 : 0); left > 0; left--)
            cursor.Take();
        var start = cursor.Position;
        while (cursor.Next is '<' or '>' or '&' or '|' or '-' && cursor.Position - start < 3)
            cursor.Take();
        var mark = cursor.Since(start);
        cursor.SkipBlanks();
        var target = words.TryWord();
        if (mark is "<<" or "<<-")
            cursor.Expect(Delimiter(target), mark is "<<-");
        else if (target is null && !mark.EndsWith('-'))
            throw new ScriptException(cursor.Line, $"{mark} leads nowhere");
        return true;
    }

    private string Delimiter(Word? target) =>
        target is { Parts: [WordPart.Text text] } ? text.Value : throw new ScriptException(cursor.Line, "the end of a here-document is not plain text");
}
