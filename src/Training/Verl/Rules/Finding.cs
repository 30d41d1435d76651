using GrpoOperator.Crds;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>A rule that a job breaks.</summary>
/// <param name="Rule">The rule's name, one of <see cref="RuleNames"/>; the reason of the condition.</param>
/// <param name="Severity">Whether it stops the job.</param>
/// <param name="Message">The fields, their values, the arithmetic, and what would do.</param>
public sealed record Finding(string Rule, FindingSeverity Severity, string Message);
