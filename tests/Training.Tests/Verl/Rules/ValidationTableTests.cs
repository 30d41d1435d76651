using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Tests.Verl.Rules;

/// <summary>The table of rules in the documentation is the one that judges.</summary>
public sealed class ValidationTableTests
{
    private static readonly string[][] Documented = Rows("validation.md", columns: 4);
    private static readonly string[][] DocumentedOfFacts = Rows("inspection.md", columns: 3);

    [Fact]
    public void Every_rule_has_its_row_in_the_order_in_which_rules_are_asked() =>
        Assert.Equal(SpecRules.All.Select(rule => $"`{rule.Name}`"), Documented.Select(cells => cells[1]));

    [Fact]
    public void Whose_rule_it_is_and_whether_it_can_be_ignored_is_as_the_code_says() =>
        Assert.Equal(
            SpecRules.All.Select(rule => $"{rule.Name}: {rule.Source}, {(rule.Kind is RuleKind.Structural ? "never" : "yes")}"),
            Documented.Select(cells => $"{cells[1].Trim('`')}: {cells[3]}, {cells[4]}"));

    [Fact]
    public void So_have_those_that_need_the_inspections_facts() =>
        Assert.Equal(SpecRules.AllOfFacts.Select(rule => $"`{rule.Name}`: {rule.Source}"), DocumentedOfFacts.Select(cells => $"{cells[1]}: {cells[3]}"));

    [Fact]
    public void Every_row_says_what_is_demanded() => Assert.All(Documented.Concat(DocumentedOfFacts), cells => Assert.InRange(cells[2].Length, 10, 300));

    private static string[][] Rows(string file, int columns) =>
    [
        .. File.ReadLines(TestFiles.PathOf("docs", file))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == columns + 2 && cells[1].StartsWith('`')),
    ];
}
