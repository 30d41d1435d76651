namespace GrpoOperator.Operator.Cli.Script;

/// <summary>A string as the script makes it.</summary>
/// <param name="Line">The line where it is written.</param>
/// <param name="Text">The string; an unknown part stands in it as the script writes it.</param>
/// <param name="Unknowns">What in it is unknown; empty when the text is the whole truth.</param>
internal sealed record ScriptValue(int Line, string Text, IReadOnlyList<Unknown> Unknowns)
{
    /// <summary>A string that is known.</summary>
    public ScriptValue(int line, string text)
        : this(line, text, [])
    {
    }

    /// <summary>True when the text is the whole truth.</summary>
    public bool IsKnown => Unknowns.Count == 0;
}
