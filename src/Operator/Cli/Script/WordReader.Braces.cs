namespace GrpoOperator.Operator.Cli.Script;

/// <content><c>${…}</c>.</content>
internal sealed partial class WordReader
{
    // At each place the first that fits is the operator, so longer ones stand first.
    private static readonly string[] Operators =
        [":-", ":=", ":?", ":+", "%%", "##", "//", "/#", "/%", "^^", ",,", "-", "=", "?", "+", "%", "#", "/", "^", ",", ":", "@"];

    private WordPart.Parameter Braced(bool isQuoted)
    {
        using var level = cursor.Enter();
        var line = cursor.Line;
        cursor.TryTake("${");
        var isLength = cursor.Next == '#' && cursor.Peek(1) != '}' && cursor.TryTake("#");
        var isIndirect = cursor.Next == '!' && cursor.Peek(1) != '}' && cursor.TryTake("!");
        var parameter = new WordPart.Parameter(line, ParameterName(line), isQuoted)
        {
            IsLength = isLength,
            IsIndirect = isIndirect,
            Index = cursor.TryTake("[") ? Index(line) : null,
        };
        if (Operators.FirstOrDefault(cursor.TryTake) is { } found)
            parameter = Operated(parameter, found);
        return cursor.TryTake("}") ? parameter : throw new ScriptException(line, "${ is not closed, or holds something unknown");
    }

    private WordPart.Parameter Operated(WordPart.Parameter parameter, string found)
    {
        var divider = found switch { "/" or "//" or "/#" or "/%" => '/', ":" => ':', _ => '}' };
        // A pattern is one also inside quotes; a default there is quoted with the rest.
        var isQuoted = parameter.IsQuoted && found[0] is not ('#' or '%' or '/' or '^' or ',');
        var argument = Until(character => character == '}' || character == divider, isQuoted);
        var second = divider != '}' && cursor.TryTake(divider.ToString()) ? Until(character => character == '}', isQuoted) : null;
        return parameter with { Operator = found, Argument = argument, Second = second };
    }

    private string ParameterName(int line)
    {
        if (TakeName() is { Length: > 0 } name)
            return name;
        var start = cursor.Position;
        while (char.IsAsciiDigit(cursor.Next))
            cursor.Take();
        if (cursor.Position == start && IsSpecial(cursor.Next))
            cursor.Take();
        return cursor.Since(start) is { Length: > 0 } special ? special : throw new ScriptException(line, "${ names no parameter");
    }

    private string Index(int line)
    {
        var start = cursor.Position;
        while (cursor.Next != ']')
        {
            if (cursor.IsAtEnd || cursor.Next == '\n')
                throw new ScriptException(line, "[ is not closed");
            cursor.Take();
        }

        var index = cursor.Since(start);
        cursor.Take();
        return index;
    }
}
