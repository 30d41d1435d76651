using GrpoOperator.Crds;
using GrpoOperator.Crds.Schema;
using GrpoOperator.Training.Verl.Hydra;
using GrpoOperator.Training.Verl.Keys;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>What Hydra would refuse in the overrides of a job.</summary>
internal static class KeyRules
{
    public static IEnumerable<Rule> All { get; } =
    [
        new(RuleNames.OverrideValue, RuleKind.Verl, "Hydra 1.3: grammar of override values", Values),
        new(RuleNames.RepeatedAppend, RuleKind.Verl, "Hydra 1.3: 'Could not append to config'", RepeatedAppends),
        Rule.Verl(RuleNames.UnknownKey, "Hydra 1.3: 'Could not override'; verl's configuration of the release", Unknown) with { OnlyOfMainModule = true },
        Rule.Verl(RuleNames.AppendedKey, "Hydra 1.3: 'An item is already at'; verl's configuration of the release", Appended) with { OnlyOfMainModule = true },
    ];

    private static IEnumerable<Breach> Values(CheckedJob job) =>
        from item in job.Overrides
        where item.Reading.Error is not null && Assignment.ReadForm(item.Text) is not null
        select new Breach($"Hydra would refuse the override '{item.Text}': {item.Reading.Error}", job.RunsMainModule ? FindingSeverity.Error : FindingSeverity.Warning);

    private static IEnumerable<Breach> RepeatedAppends(CheckedJob job)
    {
        var values = new Dictionary<string, HydraValue?>(StringComparer.Ordinal);
        foreach (var assignment in job.Assignments.Where(assignment => !assignment.IsGroupChoice))
        {
            var isThere = values.GetValueOrDefault(assignment.Key) is not (null or HydraValue.Null);
            if (assignment is { Sign: AssignmentSign.Append, Value: not (HydraValue.Sequence or HydraValue.Mapping) } && isThere)
                yield return new Breach($"the override +{assignment.Key} comes after another one of that key; write ++{assignment.Key}, or one of them only");
            values[assignment.Key] = assignment.Sign is AssignmentSign.Delete ? null : assignment.Value;
        }
    }

    private static IEnumerable<Breach> Unknown(Composition job) => UnknownKeys(job).Concat(
        from assignment in Problems(job, problem => problem is KeyProblem.UnknownOption)
        select new Breach($"{Lacking(job)} option {assignment.Key}={assignment.RawValue}{Elsewhere(assignment, job)}", Severity(job)));

    private static IEnumerable<Breach> UnknownKeys(Composition job) =>
        from assignment in Problems(job, problem => problem is KeyProblem.Unknown or KeyProblem.NothingToDelete)
        let nearest = NearestName.Of(assignment.Key, job.Config.Table.Keys)
        select new Breach(
            $"{Lacking(job)} key {assignment.Key}{Elsewhere(assignment, job)}"
            + (nearest is null ? "" : $"; did you mean {nearest}?")
            + $"; a new key is written +{assignment.Key}",
            Severity(job));

    private static IEnumerable<Breach> Appended(Composition job) =>
        from assignment in Problems(job, problem => problem is KeyProblem.AlreadyThere)
        select new Breach($"{Verl(job)} has the key {assignment.Key} already; write it without +", Severity(job));

    private static IEnumerable<Assignment> Problems(Composition job, Func<KeyProblem, bool> wanted) =>
        job.KeyProblems.Where(item => wanted(item.Problem)).Select(item => item.Assignment);

    private static string Lacking(Composition job) =>
        job.Job.Version is null ? "no supported verl has the" : $"verl {job.Release.Version} has no";

    private static string Verl(Composition job) =>
        job.Job.Version is null ? "every supported verl" : $"verl {job.Release.Version}";

    private static string Elsewhere(Assignment assignment, Composition job)
    {
        var others = VerlRelease.All
            .Where(release => release != job.Release && new KeyChecker(VerlKeys.Table(release, job.Root)).Next(assignment) is KeyProblem.None)
            .Select(release => release.Version)
            .ToList();
        return others.Count == 0 ? "" : $" ({string.Join(", ", others)} has)";
    }

    private static FindingSeverity Severity(Composition job) =>
        job.HasKnownKeys ? FindingSeverity.Error : FindingSeverity.Warning;
}
