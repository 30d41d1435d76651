namespace GrpoOperator.Training.Children;

/// <summary>Something in a pod that jobs may not have.</summary>
/// <param name="Rule">The rule that it breaks, one of the names of <c>RuleNames</c>.</param>
/// <param name="Field">Its place in the pod, e.g. <c>spec.volumes[data].hostPath.path</c>.</param>
/// <param name="Value">Its value as JSON, cut when long; empty when it is missing.</param>
/// <param name="Why">What is wrong with it.</param>
/// <param name="Permit">The chart value by which an administrator permits it; null: nothing does.</param>
internal sealed record PodViolation(string Rule, string Field, string Value, string Why, string? Permit = null);
