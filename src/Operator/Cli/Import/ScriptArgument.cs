using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Operator.Cli.Import;

/// <summary>One of Hydra's assignments in a launch.</summary>
/// <param name="Line">The script's line.</param>
/// <param name="Text">The argument.</param>
/// <param name="Assignment">What Hydra reads in it.</param>
internal sealed record ScriptArgument(int Line, string Text, Assignment Assignment)
{
    /// <summary>The key it assigns.</summary>
    public string Key => Assignment.Key;
}
