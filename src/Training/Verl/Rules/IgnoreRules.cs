using GrpoOperator.Crds;
using GrpoOperator.Crds.Schema;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>What <c>validation.ignore</c> may name.</summary>
internal static class IgnoreRules
{
    public static IEnumerable<Rule> All { get; } =
    [
        Rule.Structural(RuleNames.IgnoredRule, "this operator: structural rules hold for everybody", Structural),
        Rule.Structural(RuleNames.UnknownRule, "this operator: a slip would leave the rule as it is", Unknown),
    ];

    private static IEnumerable<Breach> Structural(CheckedJob job) =>
        from name in Ignored(job)
        where SpecRules.IsStructural(name)
        select new Breach($"validation.ignore names {name}, which holds for every job");

    // Only warned of: another release of the operator may have had, or will have, a rule of that name.
    private static IEnumerable<Breach> Unknown(CheckedJob job) =>
        from name in Ignored(job)
        where SpecRules.Find(name) is null && !InspectionRules.Names.Contains(name)
        let nearest = NearestName.Of(name, SpecRules.Names.Concat(InspectionRules.Names))
        select new Breach($"validation.ignore names {name}, and there is no such rule{(nearest is null ? "" : $"; did you mean {nearest}?")}", FindingSeverity.Warning);

    private static IReadOnlyList<string> Ignored(CheckedJob job) => job.Spec.Validation?.Ignore ?? [];
}
