namespace GrpoOperator.Operator.Cli.Script;

/// <summary>
/// What reading one script may cost: a hostile one ends here in bounded time and memory. Every limit is far above what a
/// launch script needs.
/// </summary>
internal sealed class Budget
{
    /// <summary>Characters of a script at most.</summary>
    public const int ScriptCharacters = 1024 * 1024;

    /// <summary>Characters of one value at most: Linux passes no longer argument.</summary>
    public const int ValueCharacters = 128 * 1024;

    /// <summary>Levels of nesting at most, of commands, words and arithmetic each.</summary>
    public const int Depth = 48;

    private const int Steps = 200_000;
    private const long AllCharacters = 16 * 1024 * 1024;
    private const long AllWork = 200_000_000;
    private const int AllFields = 400_000;
    private int steps;
    private int fields;
    private long characters;
    private long work;

    /// <summary>Counts one step of the walk through the script.</summary>
    public void Step(int line)
    {
        if (++steps > Steps)
            throw new ScriptException(line, $"the script takes more than {Steps} steps to read");
    }

    /// <summary>Counts one field of an expanded word, which may be empty.</summary>
    public void Field(int line)
    {
        if (++fields > AllFields)
            throw new ScriptException(line, $"the words of the script expand to more than {AllFields} fields");
    }

    /// <summary>Counts comparisons of single characters.</summary>
    public void Work(int line, long comparisons)
    {
        work += comparisons;
        if (work > AllWork || comparisons > AllWork)
            throw new ScriptException(line, "the script compares patterns with more text than can be followed");
    }

    /// <summary>Counts the characters of a new value.</summary>
    public void Value(int line, long length)
    {
        characters += length;
        if (length > ValueCharacters)
            throw new ScriptException(line, $"a value grows beyond {ValueCharacters / 1024} KiB");
        if (characters > AllCharacters)
            throw new ScriptException(line, $"the values of the script grow beyond {AllCharacters / 1024 / 1024} MiB");
    }
}
