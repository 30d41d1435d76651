using GrpoOperator.Crds;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Tests.Verl.Rules;

public sealed class SpecRulesTests
{
    private static IEnumerable<RuleCase> AllCases => [.. StructuralCases.All, .. OwnershipCases.All, .. PodCases.All, .. VerlCases.All, .. EngineCases.All];

    public static TheoryData<RuleCase> Cases => [.. AllCases];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_rule_holds_up_to_its_boundary_and_not_beyond(RuleCase at)
    {
        Assert.Empty(RuleCase.Findings(at.Sample, at.Kept, at.Rule, at.Allowed));
        var broken = RuleCase.Findings(at.Sample, at.Broken, at.Rule, at.Allowed);
        Assert.NotEmpty(broken);
        Assert.Contains(broken, finding => finding.Message.Contains(at.Says, StringComparison.Ordinal));
        Assert.All(broken, finding => Assert.Equal(at.Severity, finding.Severity));
    }

    [Fact]
    public void Every_rule_has_its_cases()
    {
        var tried = AllCases.Select(at => at.Rule).Append(RuleNames.JobName).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(SpecRules.All.Select(rule => rule.Name).Order(StringComparer.Ordinal), tried);
    }

    [Fact]
    public void Every_rule_has_one_constant_and_a_source()
    {
        Rule[] rules = [.. SpecRules.All, .. SpecRules.AllOfFacts];
        var constants = typeof(RuleNames).GetFields().Select(field => (string)field.GetRawConstantValue()!);
        Assert.Equal(constants.Order(StringComparer.Ordinal), rules.Select(rule => rule.Name).Order(StringComparer.Ordinal));
        Assert.All(rules, rule => Assert.True(rule.Source.Length > 10, rule.Name));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("a-1", true)]
    [InlineData("a123456789012345678901234567890123456789", true)]
    [InlineData("a1234567890123456789012345678901234567890", false)]
    [InlineData("1a", false)]
    [InlineData("a-", false)]
    [InlineData("a.b", false)]
    [InlineData("A", false)]
    [InlineData("", false)]
    public void A_job_has_a_short_plain_name(string name, bool kept)
    {
        var findings = SpecRules.Check(Samples.Spec("minimal"), Samples.Namespace, name);
        Assert.Equal(kept, findings.All(finding => finding.Rule != RuleNames.JobName));
    }

    [Fact]
    public void An_ignored_rule_is_only_warned_of()
    {
        const string broken = "ray: {cpusPerNode: 1}\n";
        Assert.Equal(FindingSeverity.Error, Assert.Single(RuleCase.Findings("minimal", broken, RuleNames.RayCpus)).Severity);
        Assert.Equal(FindingSeverity.Warning, Assert.Single(RuleCase.Findings("minimal", broken + "validation: {ignore: [RayCpus]}", RuleNames.RayCpus)).Severity);
    }

    [Fact]
    public void A_structural_rule_is_never_ignored()
    {
        var findings = RuleCase.Findings("minimal", "overrides: [trainer.nnodes=1]\nvalidation: {ignore: [OwnedKey]}", RuleNames.OwnedKey);
        Assert.Equal(FindingSeverity.Error, Assert.Single(findings).Severity);
        Assert.True(SpecRules.IsStructural(RuleNames.OwnedKey));
        Assert.False(SpecRules.IsStructural(RuleNames.RayCpus));
        Assert.False(SpecRules.IsStructural("SomethingNew"));
    }

    [Fact]
    public void Structural_findings_come_first_and_all_are_listed()
    {
        var findings = SpecRules.Check(Samples.Spec("minimal", "ray: {cpusPerNode: 1}\noverrides: [trainer.nnodes=1]\ndata: {trainBatchSize: 40}"), Samples.Namespace, "job");
        Assert.Equal([RuleNames.OwnedKey, RuleNames.RayCpus, RuleNames.MiniBatchDivides], findings.Select(finding => finding.Rule));
    }

    [Theory]
    [InlineData("actor: {ppoMiniBatchSize: 7}", RuleNames.MiniBatchDivides)]
    [InlineData("rollout: {parallelism: {tensor: 64}}", RuleNames.RolloutParallelSize)]
    [InlineData("rollout: {parallelism: {tensor: 24}}", RuleNames.RolloutReplicaNodes)]
    public void With_another_module_batch_rules_only_warn(string patch, string rule)
    {
        Assert.Equal(FindingSeverity.Error, RuleCase.Findings("qwen3-30b-a3b", patch, rule)[0].Severity);
        Assert.Equal(FindingSeverity.Warning, RuleCase.Findings("qwen3-30b-a3b", patch + "\nlaunch: {module: recipe.dapo.main_dapo}", rule)[0].Severity);
    }

    [Fact]
    public void With_a_command_of_the_users_own_nothing_is_known_of_verl()
    {
        var findings = SpecRules.Check(Samples.Spec("minimal", "launch: {command: [x]}\nactor: {ppoMiniBatchSize: 7}\ndata: {trainBatchSize: 0}\noverrides: ['x.y=1']"), Samples.Namespace, "job");
        Assert.Empty(findings);
    }

    [Fact]
    public void Without_a_version_a_rule_must_be_broken_with_every_release()
    {
        // 12 sequences do for the eight agent workers that 0.6.1 doesn't have, and no other release.
        const string patch = "verlVersion: null\nrollout: {samplesPerPrompt: 1}\ndata: {trainBatchSize: 12}\nactor: {ppoMiniBatchSize: 12, ppoMicroBatchSizePerNpu: 6}";
        Assert.Empty(RuleCase.Findings("qwen3-30b-a3b", patch, RuleNames.AgentWorkers));
        Assert.NotEmpty(RuleCase.Findings("qwen3-30b-a3b", patch.Replace("null", "0.9.0", StringComparison.Ordinal), RuleNames.AgentWorkers));
    }

    [Theory]
    [InlineData("data.train_batch_size=9223372036854775807")]
    [InlineData("data.train_batch_size=99999999999999999999999")]
    [InlineData("data.train_batch_size=0")]
    [InlineData("data.train_batch_size=-4")]
    [InlineData("data.train_batch_size=x")]
    [InlineData("data.train_batch_size=null")]
    [InlineData("~data.train_batch_size")]
    [InlineData("~data")]
    [InlineData("actor_rollout_ref=null")]
    [InlineData("actor_rollout_ref.actor.ppo_mini_batch_size=0")]
    [InlineData("actor_rollout_ref.rollout.n=9223372036854775807")]
    public void Absurd_sizes_break_no_rule_by_an_exception(string text) =>
        Assert.NotNull(SpecRules.Check(Samples.Spec("qwen3-30b-a3b", $"overrides: ['{text}']"), Samples.Namespace, "job"));
}
