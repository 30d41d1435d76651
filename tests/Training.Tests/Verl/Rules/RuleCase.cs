using GrpoOperator.Crds;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Tests.Verl.Rules;

/// <summary>A rule at its boundary: two changes of a sample next to each other, one that keeps it and one that breaks it.</summary>
public sealed record RuleCase(string Rule, string Sample, string Kept, string Broken, string Says, FindingSeverity Severity = FindingSeverity.Error)
{
    /// <summary>What the administrator allows.</summary>
    public AllowedPodFields Allowed { get; init; } = new();

    public override string ToString() => $"{Rule}: {Broken}";

    internal static IReadOnlyList<Finding> Findings(string sample, string patch, string rule, AllowedPodFields? allowed = null) =>
        [.. SpecRules.Check(Samples.Spec(sample, patch), Samples.Namespace, "job", new ClusterFacts { Allowed = allowed ?? new() }).Where(finding => finding.Rule == rule)];
}
