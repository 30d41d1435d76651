using System.Text;

namespace GrpoOperator.Operator.Cli.Script;

/// <summary>Reads words: quotes, backslashes and everything that begins with a dollar sign.</summary>
internal sealed partial class WordReader(ScriptCursor cursor)
{
    /// <summary>The next word; null when none begins here.</summary>
    public Word? TryWord()
    {
        if (!ScriptCursor.EndsWord(cursor.Next) || cursor.Comes("<(") || cursor.Comes(">("))
            return Until(ScriptCursor.EndsWord, isQuoted: false);
        return null;
    }

    /// <summary>The word up to a character that ends it outside quotes, which isn't taken.</summary>
    public Word Until(Func<char, bool> ends, bool isQuoted)
    {
        using var level = cursor.Enter();
        var line = cursor.Line;
        var parts = new List<WordPart>();
        var text = new StringBuilder();
        while (!cursor.IsAtEnd && (!ends(cursor.Next) || (!isQuoted && (cursor.Comes("<(") || cursor.Comes(">(")))))
        {
            if (Special(isQuoted) is { } special)
            {
                Flush();
                parts.AddRange(special);
            }
            else
            {
                text.Append(cursor.Take());
            }
        }

        Flush();
        return new Word(line, parts);

        void Flush()
        {
            if (text.Length > 0)
                parts.Add(new WordPart.Text(text.ToString(), isQuoted));
            text.Clear();
        }
    }

    /// <summary>What begins at the next character when it isn't plain text.</summary>
    private List<WordPart>? Special(bool isQuoted) => cursor.Next switch
    {
        '\\' => Escaped(isQuoted),
        '\'' when !isQuoted => [SingleQuoted()],
        '"' => DoubleQuoted(),
        '`' => [Backquoted(isQuoted)],
        '$' => Dollar(isQuoted) is { } part ? [part] : null,
        '<' or '>' when !isQuoted && cursor.Peek(1) == '(' => [Substituted(isQuoted)],
        _ => null,
    };

    private List<WordPart> Escaped(bool isQuoted)
    {
        cursor.Take();
        if (cursor.IsAtEnd)
            return [new WordPart.Text("\\", true)];
        if (cursor.TryTake("\n") || cursor.TryTake("\r\n"))
            return [];
        var escaped = cursor.Take();
        var isSpecial = !isQuoted || escaped is '$' or '`' or '"' or '\\';
        return [new WordPart.Text(isSpecial ? escaped.ToString() : $"\\{escaped}", true)];
    }

    private WordPart.Text SingleQuoted()
    {
        var line = cursor.Line;
        cursor.Take();
        var start = cursor.Position;
        while (cursor.Next != '\'')
        {
            if (cursor.IsAtEnd)
                throw new ScriptException(line, "a quote ' has no end");
            cursor.Take();
        }

        var text = cursor.Since(start);
        cursor.Take();
        return new WordPart.Text(text, true);
    }

    private List<WordPart> DoubleQuoted()
    {
        var line = cursor.Line;
        cursor.Take();
        var word = Until(character => character == '"', isQuoted: true);
        if (!cursor.TryTake("\""))
            throw new ScriptException(line, "a quote \" has no end");
        return word.Parts is [] ? [new WordPart.Text("", true)] : [.. word.Parts];
    }

    private WordPart.Command Backquoted(bool isQuoted)
    {
        var line = cursor.Line;
        cursor.Take();
        var start = cursor.Position;
        while (cursor.Next != '`')
        {
            if (cursor.IsAtEnd)
                throw new ScriptException(line, "a quote ` has no end");
            if (cursor.Take() == '\\' && !cursor.IsAtEnd)
                cursor.Take();
        }

        var source = cursor.Since(start);
        cursor.Take();
        return new WordPart.Command(line, source, isQuoted);
    }
}
