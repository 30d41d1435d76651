using System.Text.Json;
using System.Text.Json.Nodes;
using GrpoOperator.Crds.Schema;

namespace GrpoOperator.Crds.Tests.Server;

/// <summary>The cases themselves: each fits the schema, so that only rules decide, and every rule is refused and accepted somewhere.</summary>
public sealed class RuleCaseTests
{
    [Fact]
    public void Every_case_fits_the_schema() => Assert.All(
        RuleCase.All,
        c => Assert.Equal([], CrdSchema.Check(JsonSerializer.SerializeToElement<JsonNode>(c.Job()))));

    [Fact]
    public void Every_rule_but_immutability_has_a_case()
    {
        var rules = Agreement.StructureTests.Nodes(CrdSchema.Root)
            .Where(n => n.Node.TryGetProperty("x-kubernetes-validations", out _))
            .SelectMany(n => n.Node.GetProperty("x-kubernetes-validations").EnumerateArray())
            .Select(r => r.GetProperty("message").GetString()!.Split(':')[0]).Where(r => r != "SpecImmutable").Distinct();

        Assert.Equal(rules.Order(), RuleCase.All.Where(c => !c.IsLeftToOperator).SelectMany(c => c.Breaks).Distinct().Order());
    }
}
