using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using GrpoOperator.Crds;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>Every rule about a spec, and the one place where a job is judged by them.</summary>
public static class SpecRules
{
    private static readonly Lazy<Rule[]> Registry = new(() =>
    [
        .. RequiredRules.All,
        .. IgnoreRules.All,
        .. StrategyRules.All,
        .. TextRules.All,
        .. PathRules.All,
        .. OverrideRules.All,
        .. EnvironmentRules.All,
        .. TemplateRules.All,
        .. PodRules.All,
        .. AcceleratorRules.All,
        .. CpuRules.All,
        .. KeyRules.All,
        .. ParallelRules.All,
        .. BatchRules.All,
        .. LogProbRules.All,
        .. EngineRules.All,
    ]);

    private static readonly Lazy<Rule[]> OfFacts = new(() => [.. ModelRules.All, .. StorageRules.All]);

    private static readonly Lazy<FrozenDictionary<string, Rule>> ByName =
        new(() => Registry.Value.Concat(OfFacts.Value).ToFrozenDictionary(rule => rule.Name, StringComparer.Ordinal));

    // A spec never changes, and its job is looked at again and again.
    private static readonly ConditionalWeakTable<GrpoTrainingJobSpec, Judgement> Judged = [];

    /// <summary>Every rule that a job breaks: structural ones first, then Ascend's, then verl's.</summary>
    /// <param name="spec">The job's spec.</param>
    /// <param name="namespace">Its namespace.</param>
    /// <param name="jobName">Its name.</param>
    /// <param name="cluster">The cluster and what its administrator allows; null: the chart's defaults.</param>
    public static IReadOnlyList<Finding> Check(GrpoTrainingJobSpec spec, string @namespace, string jobName, ClusterFacts? cluster = null)
    {
        var facts = cluster ?? new ClusterFacts();
        if (Judged.TryGetValue(spec, out var known) && known.Namespace == @namespace && known.JobName == jobName && known.Cluster == facts) return known.Findings;
        var findings = Judge(new CheckedJob(spec, @namespace, jobName, facts), All);
        Judged.AddOrUpdate(spec, new Judgement(@namespace, jobName, facts, findings));
        return findings;
    }

    /// <summary>Every rule that a spec breaks together with what the inspection found.</summary>
    /// <param name="spec">The job's spec; it breaks no rule by itself.</param>
    /// <param name="namespace">Its namespace.</param>
    /// <param name="jobName">Its name.</param>
    /// <param name="facts">What was found; a rule that needs more is not asked.</param>
    public static IReadOnlyList<Finding> CheckFacts(GrpoTrainingJobSpec spec, string @namespace, string jobName, InspectedFacts facts) =>
        Judge(new CheckedJob(spec, @namespace, jobName, new ClusterFacts()) { Facts = facts }, AllOfFacts);

    /// <summary>True when the rule of that name holds for every job, whatever it ignores.</summary>
    public static bool IsStructural(string rule) => Find(rule) is { Kind: RuleKind.Structural };

    /// <summary>The rules about a spec, in the order in which they are asked.</summary>
    internal static IReadOnlyList<Rule> All => Registry.Value;

    /// <summary>The rules that also need the inspection's facts.</summary>
    internal static IReadOnlyList<Rule> AllOfFacts => OfFacts.Value;

    /// <summary>Names of all rules that judge a spec, with and without the inspection's facts.</summary>
    internal static IEnumerable<string> Names => ByName.Value.Keys;

    /// <summary>The rule of that name; null when this operator has none.</summary>
    internal static Rule? Find(string name) => ByName.Value.GetValueOrDefault(name);

    private static Finding[] Judge(CheckedJob job, IReadOnlyList<Rule> rules) =>
    [
        .. from rule in rules
           from breach in rule.Check(job)
           select new Finding(rule.Name, Severity(job, rule, breach), breach.Message),
    ];

    private static FindingSeverity Severity(CheckedJob job, Rule rule, Breach breach)
    {
        var ignored = rule.Kind is not RuleKind.Structural && (job.Spec.Validation?.Ignore ?? []).Contains(rule.Name, StringComparer.Ordinal);
        return ignored || (rule.OnlyOfMainModule && !job.RunsMainModule) ? FindingSeverity.Warning : breach.Severity;
    }

    /// <summary>What a spec was found to break, under a name and in a cluster.</summary>
    private sealed record Judgement(string Namespace, string JobName, ClusterFacts Cluster, IReadOnlyList<Finding> Findings);
}
