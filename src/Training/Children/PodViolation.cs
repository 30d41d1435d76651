using System.Text.Json.Nodes;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Children;

/// <summary>Something in a pod that jobs may not have.</summary>
/// <param name="Rule">The rule that it breaks, one of the names of <c>RuleNames</c>.</param>
/// <param name="Field">Its place in the pod, e.g. <c>spec.volumes[data].hostPath.path</c>.</param>
/// <param name="Value">Its value as JSON, cut when long; empty when it is missing.</param>
/// <param name="Why">What is wrong with it.</param>
/// <param name="Permit">The chart value by which an administrator permits it; null: nothing does.</param>
internal sealed record PodViolation(string Rule, string Field, string Value, string Why, string? Permit = null)
{
    /// <summary>A member that is on no list: Kubernetes may know it, the operator doesn't.</summary>
    /// <param name="place">What it is a member of.</param>
    /// <param name="member">The member.</param>
    public static PodViolation OfUnknown(string place, KeyValuePair<string, JsonNode?> member) =>
        new(RuleNames.PodFieldNotAllowed, $"{place}.{member.Key}", member.Value.Shown(), "is not among the fields that pods of jobs may have");
}
