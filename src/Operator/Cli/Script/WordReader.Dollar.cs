using System.Text;

namespace GrpoOperator.Operator.Cli.Script;

/// <content>Everything that begins with a dollar sign.</content>
internal sealed partial class WordReader
{
    private WordPart? Dollar(bool isQuoted)
    {
        var line = cursor.Line;
        switch (cursor.Peek(1))
        {
            case '(' when cursor.Peek(2) == '(':
                return TryArithmetic(line, isQuoted);
            case '(':
                return Substituted(isQuoted);
            case '{':
                return Braced(isQuoted);
            case '\'' when !isQuoted:
                cursor.Take();
                return AnsiQuoted();
            case '"' when !isQuoted:
                cursor.Take();
                return new WordPart.Text("", true);
            case var special when IsSpecial(special) || char.IsAsciiDigit(special):
                cursor.Take();
                return new WordPart.Parameter(line, cursor.Take().ToString(), isQuoted);
            case var letter when IsNameStart(letter):
                cursor.Take();
                return new WordPart.Parameter(line, TakeName(), isQuoted);
            default:
                return null;
        }
    }

    /// <summary>A variable's name, from here on; empty when none begins.</summary>
    public string TakeName()
    {
        var start = cursor.Position;
        if (IsNameStart(cursor.Next))
        {
            while (IsNameStart(cursor.Next) || char.IsAsciiDigit(cursor.Next))
                cursor.Take();
        }

        return cursor.Since(start);
    }

    private static bool IsNameStart(char character) => char.IsAsciiLetter(character) || character == '_';

    private static bool IsSpecial(char character) => character is '@' or '*' or '#' or '?' or '-' or '$' or '!';

    /// <summary>The text of a command up to the parenthesis that closes it.</summary>
    private WordPart.Command Substituted(bool isQuoted)
    {
        var line = cursor.Line;
        cursor.Take();
        cursor.Take();
        var start = cursor.Position;
        SkipToClose(line);
        var source = cursor.Since(start);
        cursor.Take();
        return new WordPart.Command(line, source, isQuoted);
    }

    private void SkipToClose(int line)
    {
        var open = 0;
        while (cursor.Next != ')' || open > 0)
        {
            if (cursor.IsAtEnd)
                throw new ScriptException(line, "a parenthesis after $ has no end");
            open += cursor.Next switch { '(' => 1, ')' => -1, _ => 0 };
            if (cursor.Next is '\'' or '"' or '\\' or '`')
                Special(isQuoted: false);
            else if (cursor.Next is ' ' or '\t' or '\n' && cursor.Peek(1) == '#')
                SkipComment();
            else
                cursor.Take();
        }
    }

    private void SkipComment()
    {
        cursor.Take();
        while (!cursor.IsAtEnd && cursor.Next != '\n')
            cursor.Take();
    }

    private WordPart.Arithmetic TryArithmetic(int line, bool isQuoted)
    {
        cursor.TryTake("$((");
        return new WordPart.Arithmetic(line, Expression(line), isQuoted);
    }

    /// <summary>An expression up to and with the two parentheses that close it.</summary>
    public Word Expression(int line)
    {
        var open = 0;
        var word = Until(
            character =>
            {
                if (character == ')' && open == 0)
                    return true;
                open += character switch { '(' => 1, ')' => -1, _ => 0 };
                return false;
            },
            isQuoted: true);
        return cursor.TryTake("))") ? word : throw new ScriptException(line, "an arithmetic expression has no end");
    }

    private WordPart.Text AnsiQuoted()
    {
        var line = cursor.Line;
        cursor.Take();
        var text = new StringBuilder();
        while (cursor.Next != '\'')
        {
            if (cursor.IsAtEnd)
                throw new ScriptException(line, "a quote $' has no end");
            var character = cursor.Take();
            if (character != '\\' || cursor.IsAtEnd)
            {
                text.Append(character);
                continue;
            }

            text.Append(cursor.Take() switch
            {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                '\\' => '\\',
                '\'' => '\'',
                '"' => '"',
                var other => throw new ScriptException(line, $"\\{other} inside $'…' is not understood"),
            });
        }

        cursor.Take();
        return new WordPart.Text(text.ToString(), true);
    }
}
