using System.Text.Json;
using System.Text.Json.Nodes;
using GrpoOperator.Crds;
using GrpoOperator.Crds.Schema;
using GrpoOperator.Crds.Yaml;
using GrpoOperator.Training.Tests.Verl;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Tests.Crd;

/// <summary>The operator's own rules against the cases that the CRD's rules were proven with on a server: a server without CEL must lose nothing.</summary>
public sealed class RuleCaseTests
{
    private static readonly JsonArray All = JsonNode.Parse(File.ReadAllText(TestFiles.PathOf("tests", "Crds.Tests", "rule-cases.json")))!.AsArray();

    private static readonly HashSet<string> RulesOfTheCrd = [.. CelRules(CrdSchema.Root).Where(rule => rule != "SpecImmutable")];

    public static TheoryData<string> Cases => [.. All.Select(c => (string)c!["case"]!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_operator_judges_as_the_server_does(string name)
    {
        var @case = All.Single(c => (string)c!["case"]! == name)!;
        var job = JsonObject.Create(KubectlYaml.ReadSingle(File.ReadAllText(TestFiles.PathOf("tests", "Crds.Tests", "example.yaml"))).Root)!;
        if ((string?)@case["base"] == "fsdp")
        {
            Set(job, "spec.strategy", "FSDP");
            foreach (var path in (string[])["spec.model.weights", "spec.model.distCheckpointPath", "spec.actor.parallelism", "spec.actor.offload", "spec.actor.transformerConfig", "spec.reference.parallelism", "spec.reference.offloadParameters"])
                Set(job, path, null);
        }

        foreach (var (path, value) in @case["set"]!.AsObject())
            Set(job, path, value?.DeepClone());
        var spec = job["spec"].Deserialize(CrdJsonContext.Default.GrpoTrainingJobSpec)!;

        var broken = SpecRules.Check(spec, "default", (string)job["metadata"]!["name"]!)
            .Where(f => f.Severity == FindingSeverity.Error && RulesOfTheCrd.Contains(f.Rule)).Select(f => f.Rule).Distinct();

        Assert.Equal(((string?)@case["breaks"])?.Split(' ') ?? [], broken);
    }

    [Fact]
    public void Every_rule_of_the_crd_is_one_of_the_operator()
    {
        Assert.True(RulesOfTheCrd.Count > 25, string.Join(' ', RulesOfTheCrd));
        Assert.All(RulesOfTheCrd, rule => Assert.NotNull(SpecRules.Find(rule)));
    }

    /// <summary>On the server too, a rule that can be ignored asks first whether it is.</summary>
    [Fact]
    public void A_rule_of_the_crd_can_be_ignored_when_the_operators_can()
    {
        var text = CrdForms.WithCel;
        Assert.All(RulesOfTheCrd, rule => Assert.Equal(!SpecRules.IsStructural(rule), text.Contains($"'{rule}' in self.validation.ignore", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> CelRules(JsonElement node) => node.ValueKind switch
    {
        JsonValueKind.Object => node.EnumerateObject().SelectMany(m => m.Name == "x-kubernetes-validations"
            ? m.Value.EnumerateArray().Select(r => r.GetProperty("message").GetString()!.Split(':')[0])
            : CelRules(m.Value)),
        JsonValueKind.Array => node.EnumerateArray().SelectMany(CelRules),
        _ => [],
    };

    private static void Set(JsonNode target, string path, JsonNode? value)
    {
        var names = path.Split('.');
        var at = names[..^1].Aggregate(target, (node, name) => node is JsonArray list ? list[int.Parse(name, null)]! : node[name] ??= new JsonObject());
        if (at is JsonObject map && value is null)
            map.Remove(names[^1]);
        else
            at[names[^1]] = value;
    }
}
