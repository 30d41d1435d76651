namespace GrpoOperator.Operator.Cli.Script;

/// <summary>Something that the script does beside the launch.</summary>
/// <param name="Line">Its line.</param>
/// <param name="Text">What it is.</param>
internal sealed record ScriptNote(int Line, string Text);
