namespace GrpoOperator.Operator.Cli.Script;

/// <summary><c>NAME=value</c>, <c>NAME+=value</c>, <c>NAME=(…)</c>; in a declaration also a bare <c>NAME</c>.</summary>
/// <param name="Line">The line where it stands.</param>
/// <param name="Name">The variable.</param>
/// <param name="Value">The value of a plain assignment; null for arrays and bare names.</param>
/// <param name="Items">The words of an array; null for anything else.</param>
internal sealed record ScriptAssignment(int Line, string Name, Word? Value, IReadOnlyList<Word>? Items)
{
    /// <summary>True for <c>+=</c>.</summary>
    public bool IsAppend { get; init; }

    /// <summary>True for <c>NAME[i]=value</c>, which isn't followed.</summary>
    public bool IsElement { get; init; }
}
