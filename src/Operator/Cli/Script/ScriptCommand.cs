namespace GrpoOperator.Operator.Cli.Script;

/// <summary>A command of the shell's grammar.</summary>
/// <param name="Line">The line where it begins, from 1.</param>
internal abstract record ScriptCommand(int Line)
{
    /// <summary>Assignments and a command's words; redirections are read and left out.</summary>
    /// <param name="Line">The line where it begins.</param>
    /// <param name="Assignments">What stands before the command.</param>
    /// <param name="Words">The command and its arguments; empty for assignments alone.</param>
    /// <param name="Source">The first line of its text.</param>
    public sealed record Simple(int Line, IReadOnlyList<ScriptAssignment> Assignments, IReadOnlyList<Word> Words, string Source)
        : ScriptCommand(Line);

    /// <summary><c>export</c>, <c>local</c>, <c>declare</c>, <c>readonly</c>, <c>typeset</c>.</summary>
    public sealed record Declaration(int Line, string Keyword, IReadOnlyList<Word> Options, IReadOnlyList<ScriptAssignment> Assignments)
        : ScriptCommand(Line);

    /// <summary>Commands connected by <c>|</c>; also a single one behind <c>!</c>.</summary>
    public sealed record Pipeline(int Line, IReadOnlyList<ScriptCommand> Parts, bool IsNegated) : ScriptCommand(Line);

    /// <summary>Commands connected by <c>&amp;&amp;</c> and <c>||</c>.</summary>
    public sealed record Chain(int Line, ScriptCommand First, IReadOnlyList<(bool IsAnd, ScriptCommand Next)> Rest) : ScriptCommand(Line);

    /// <summary>Commands one after the other.</summary>
    public sealed record Sequence(int Line, IReadOnlyList<ScriptCommand> Items) : ScriptCommand(Line);

    /// <summary><c>( … )</c>, and a command in the background: what it assigns is lost.</summary>
    public sealed record Subshell(int Line, ScriptCommand Body) : ScriptCommand(Line);

    /// <summary><c>if</c> with its <c>elif</c>s.</summary>
    public sealed record If(int Line, IReadOnlyList<(ScriptCommand Condition, ScriptCommand Body)> Branches, ScriptCommand? Else)
        : ScriptCommand(Line);

    /// <summary><c>while</c> and <c>until</c>.</summary>
    public sealed record While(int Line, ScriptCommand Condition, bool IsUntil, ScriptCommand Body) : ScriptCommand(Line);

    /// <summary><c>for NAME in …</c>; without a name the arithmetic form, which isn't followed.</summary>
    public sealed record For(int Line, string? Name, IReadOnlyList<Word>? Words, ScriptCommand Body) : ScriptCommand(Line);

    /// <summary><c>case</c>.</summary>
    public sealed record Case(int Line, Word Subject, IReadOnlyList<(IReadOnlyList<Word> Patterns, ScriptCommand Body)> Items)
        : ScriptCommand(Line);

    /// <summary>The definition of a function.</summary>
    public sealed record Function(int Line, string Name, ScriptCommand Body) : ScriptCommand(Line);

    /// <summary><c>[[ … ]]</c>, by words and operators.</summary>
    public sealed record Test(int Line, IReadOnlyList<Word> Words) : ScriptCommand(Line);

    /// <summary><c>(( … ))</c>.</summary>
    public sealed record Arithmetic(int Line, Word Expression) : ScriptCommand(Line);
}
