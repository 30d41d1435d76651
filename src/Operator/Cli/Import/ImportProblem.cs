namespace GrpoOperator.Operator.Cli.Import;

/// <summary>Why a script can't become a job.</summary>
/// <param name="Line">The script's line; 0 for the script as a whole.</param>
/// <param name="Text">What is wrong there.</param>
internal sealed record ImportProblem(int Line, string Text);
