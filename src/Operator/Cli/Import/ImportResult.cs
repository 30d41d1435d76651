namespace GrpoOperator.Operator.Cli.Import;

/// <summary>What became of a script.</summary>
/// <param name="Yaml">The job; null when there are problems.</param>
/// <param name="Problems">Why it can't become a job.</param>
/// <param name="WrongCall">What is wrong with the call itself; null when nothing is.</param>
internal sealed record ImportResult(string? Yaml, IReadOnlyList<ImportProblem> Problems, string? WrongCall = null)
{
    /// <summary>It can't.</summary>
    public static ImportResult Refused(params IEnumerable<ImportProblem> problems) => new(null, [.. problems.Distinct().OrderBy(problem => problem.Line)]);
}
