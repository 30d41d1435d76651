namespace GrpoOperator.Operator.Cli.Script;

/// <summary>A part of a value that only running the script would tell.</summary>
/// <param name="Line">The line that brings it in.</param>
/// <param name="What">What it is, a sentence without its full stop.</param>
/// <param name="Unset">The variable that the script reads and nobody sets; null when it is something else.</param>
internal sealed record Unknown(int Line, string What, string? Unset = null);
