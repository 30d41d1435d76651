using GrpoOperator.Crds;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Tests.Children;

/// <summary>What an overlay may not change never reaches a builder: it is refused, with words that name it.</summary>
public sealed class TemplateRefusalTests
{
    public static TheoryData<string, string> Templates => new()
    {
        { "workers.template", "trainer" },
        { "inspection.template", "inspector" },
        { "data.prepare.template", "data" },
        { "conversion.template", "converter" },
    };

    [Theory]
    [MemberData(nameof(Templates))]
    public void Fields_that_the_launcher_relies_on_are_refused(string template, string container)
    {
        foreach (var field in (string[])["command", "args", "terminationMessagePath", "terminationMessagePolicy", "readinessProbe", "livenessProbe", "startupProbe", "lifecycle"])
            AssertRefused(template, $"{{spec: {{containers: [{{name: {container}, {field}: x}}]}}}}", field);
        foreach (var field in (string[])["hostname", "subdomain", "restartPolicy", "shareProcessNamespace"])
            AssertRefused(template, $"{{spec: {{{field}: x}}}}", field);
    }

    [Theory]
    [InlineData("{spec: {volumes: [{name: grpo-run, emptyDir: {}}]}}", RuleNames.ReservedVolumeName)]
    [InlineData("{spec: {containers: [{name: trainer, volumeMounts: [{name: data, mountPath: /run/grpo/x}]}]}}", RuleNames.ReservedMountPath)]
    [InlineData("{spec: {containers: [{name: trainer, env: [{name: MASTER_ADDR, value: x}]}]}}", RuleNames.OwnedVariable)]
    public void What_the_operator_owns_in_a_trainer_is_refused(string template, string rule) => Assert.Contains(Findings("workers.template", template), f => f.Rule == rule);

    [Fact]
    public void A_sidecar_is_its_owners() =>
        Assert.DoesNotContain(Findings("workers.template", "{spec: {containers: [{name: side, image: i, command: [x], lifecycle: {}, env: [{name: RANK}]}]}}"), f => f.Severity == FindingSeverity.Error);

    private static void AssertRefused(string template, string overlay, string field)
    {
        var refusal = Assert.Single(Findings(template, overlay), f => f.Rule == RuleNames.ReservedTemplateField);
        Assert.Equal(FindingSeverity.Error, refusal.Severity);
        Assert.Contains(field, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(template, refusal.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<Finding> Findings(string template, string overlay)
    {
        var patch = template.Split('.').Reverse().Aggregate(overlay, (inner, name) => $"{{{name}: {inner}}}");
        return SpecRules.Check(ChildSamples.Context("qwen3-30b-a3b", patch).Spec, "team-a", "job");
    }
}
