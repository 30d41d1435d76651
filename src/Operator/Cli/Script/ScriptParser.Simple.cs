namespace GrpoOperator.Operator.Cli.Script;

/// <content>Commands of words.</content>
internal sealed partial class ScriptParser
{
    private ScriptCommand Simple()
    {
        var line = cursor.Line;
        var start = cursor.Position;
        var assignments = new List<ScriptAssignment>();
        var taken = new List<Word>();
        while (true)
        {
            cursor.SkipBlanks();
            if (Redirection())
                continue;
            if (taken.Count == 0 && TryAssignment() is { } assignment)
            {
                assignments.Add(assignment);
                continue;
            }

            if (words.TryWord() is not { } word)
                break;
            if (taken.Count == 0 && assignments.Count == 0 && word.Plain is "export" or "local" or "declare" or "readonly" or "typeset")
                return Declaration(line, word.Plain);
            taken.Add(word);
            if (taken.Count == 1 && assignments.Count == 0 && word.Plain is { } name && cursor.Next == '(')
                return Function(line, name);
        }

        if (taken.Count == 0 && assignments.Count == 0 && cursor.Position == start)
            throw new ScriptException(line, cursor.IsAtEnd ? "the script ends within a construct" : $"'{cursor.Next}' is not expected here");
        return new ScriptCommand.Simple(line, assignments, taken, FirstLine(cursor.Since(start)));
    }

    private ScriptCommand.Declaration Declaration(int line, string keyword)
    {
        var options = new List<Word>();
        var assignments = new List<ScriptAssignment>();
        while (true)
        {
            cursor.SkipBlanks();
            if (Redirection())
                continue;
            var at = cursor.Line;
            if (TryAssignment() is { } assignment)
                assignments.Add(assignment);
            else if (words.TryWord() is not { } word)
                return new ScriptCommand.Declaration(line, keyword, options, assignments);
            else if (word.Plain is { } name && IsName(name))
                assignments.Add(new ScriptAssignment(at, name, null, null));
            else
                options.Add(word);
        }
    }

    private ScriptAssignment? TryAssignment()
    {
        var length = 0;
        while (char.IsAsciiLetter(cursor.Peek(length)) || cursor.Peek(length) == '_' || (length > 0 && char.IsAsciiDigit(cursor.Peek(length))))
            length++;
        if (length == 0)
            return null;
        var element = 0;
        if (cursor.Peek(length) == '[')
        {
            while (cursor.Peek(length + element) is not (']' or '\0' or '\n'))
                element++;
            element++;
        }

        var isAppend = cursor.Peek(length + element) == '+';
        if (cursor.Peek(length + element + (isAppend ? 1 : 0)) != '=')
            return null;
        var line = cursor.Line;
        var name = words.TakeName();
        for (var left = element + (isAppend ? 2 : 1); left > 0; left--)
            cursor.Take();
        var items = element == 0 && cursor.Next == '(' ? Items() : null;
        var value = items is null ? words.TryWord() ?? new Word(line, []) : null;
        return new ScriptAssignment(line, name, value, items) { IsAppend = isAppend, IsElement = element > 0 };
    }

    private List<Word> Items()
    {
        var line = cursor.Line;
        cursor.Take();
        var items = new List<Word>();
        while (true)
        {
            cursor.SkipLines();
            if (cursor.TryTake(")"))
                return items;
            items.Add(words.TryWord() ?? throw new ScriptException(line, "an array ( has no end"));
        }
    }

    private static bool IsName(string text) =>
        text.Length > 0 && !char.IsAsciiDigit(text[0]) && text.All(character => char.IsAsciiLetterOrDigit(character) || character == '_');

    private static string FirstLine(string source)
    {
        var end = source.AsSpan().IndexOfAny('\r', '\n');
        return (end < 0 ? source : source[..end]).Trim().TrimEnd('\\').TrimEnd();
    }
}
