namespace GrpoOperator.Operator.Cli.Script;

/// <summary>A place in a script's text, which knows its line and passes over here-documents.</summary>
internal sealed class ScriptCursor(string text, int line = 1)
{
    private readonly Queue<(string Delimiter, bool IsIndented)> documents = new();
    private int depth;

    /// <summary>The line of the next character.</summary>
    public int Line { get; private set; } = line;

    /// <summary>Where the next character stands.</summary>
    public int Position { get; private set; }

    /// <summary>True behind the last character.</summary>
    public bool IsAtEnd => Position >= text.Length;

    /// <summary>The next character; NUL at the end.</summary>
    public char Next => Peek(0);

    /// <summary>The character <paramref name="ahead"/> places on; NUL behind the end.</summary>
    public char Peek(int ahead) => Position + ahead < text.Length ? text[Position + ahead] : '\0';

    /// <summary>Takes the next character.</summary>
    public char Take()
    {
        var taken = text[Position++];
        if (taken == '\n')
            Line++;
        return taken;
    }

    /// <summary>Takes <paramref name="expected"/> when it comes next.</summary>
    public bool TryTake(string expected)
    {
        if (!Comes(expected))
            return false;
        for (var left = expected.Length; left > 0; left--)
            Take();
        return true;
    }

    /// <summary>True when <paramref name="expected"/> comes next.</summary>
    public bool Comes(string expected) => text.AsSpan(Position).StartsWith(expected, StringComparison.Ordinal);

    /// <summary>True when <paramref name="word"/> comes next and ends there.</summary>
    public bool ComesWord(string word) => Comes(word) && EndsWord(Peek(word.Length));

    /// <summary>Takes <paramref name="word"/> when it comes next and ends there.</summary>
    public bool TryTakeWord(string word) => ComesWord(word) && TryTake(word);

    /// <summary>The text from a place up to here.</summary>
    public string Since(int start) => text[start..Position];

    /// <summary>True for characters that end an unquoted word.</summary>
    public static bool EndsWord(char character) => character is '\0' or ' ' or '\t' or '\n' or '\r' or ';' or '&' or '|' or '<' or '>' or '(' or ')';

    /// <summary>Passes over blanks, continued lines and a comment.</summary>
    public void SkipBlanks()
    {
        while (true)
        {
            if (Next is ' ' or '\t' or '\r')
                Take();
            else if (!TryTake("\\\n") && !TryTake("\\\r\n"))
                break;
        }

        if (Next == '#')
        {
            while (!IsAtEnd && Next != '\n')
                Take();
        }
    }

    /// <summary>Passes over blanks, comments and line ends.</summary>
    public void SkipLines()
    {
        SkipBlanks();
        while (Next == '\n')
        {
            TakeLineEnd();
            SkipBlanks();
        }
    }

    /// <summary>Takes a line end, and the here-documents that begin behind it.</summary>
    public void TakeLineEnd()
    {
        Take();
        while (documents.TryDequeue(out var document))
        {
            while (!IsAtEnd)
            {
                var row = TakeRow();
                if (string.Equals(document.IsIndented ? row.TrimStart('\t') : row, document.Delimiter, StringComparison.Ordinal))
                    break;
            }
        }
    }

    /// <summary>Notes a here-document, which begins on the next line.</summary>
    public void Expect(string delimiter, bool isIndented) => documents.Enqueue((delimiter, isIndented));

    /// <summary>Goes one level deeper; the answer comes back up.</summary>
    public Level Enter()
    {
        if (++depth > Budget.Depth)
            throw new ScriptException(Line, $"nested deeper than {Budget.Depth} levels");
        return new Level(this);
    }

    private string TakeRow()
    {
        var start = Position;
        while (!IsAtEnd && Next != '\n')
            Take();
        var row = text[start..Position].TrimEnd('\r');
        if (!IsAtEnd)
            Take();
        return row;
    }

    /// <summary>One level of nesting.</summary>
    public readonly ref struct Level(ScriptCursor cursor)
    {
        /// <summary>Leaves the level.</summary>
        public void Dispose() => cursor.depth--;
    }
}
