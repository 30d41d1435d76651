namespace GrpoOperator.Operator.Cli.Script;

/// <summary>The script can't be read on from a line: its form is unknown, or it is larger or deeper than any launch script.</summary>
internal sealed class ScriptException(int line, string reason) : Exception($"line {line}: {reason}")
{
    /// <summary>The line, from 1.</summary>
    public int Line { get; } = line;

    /// <summary>What is wrong, without the line.</summary>
    public string Reason { get; } = reason;
}
