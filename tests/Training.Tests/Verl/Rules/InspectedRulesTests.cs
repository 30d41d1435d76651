using GrpoOperator.Crds;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Tests.Verl.Rules;

/// <summary>Rules that compare what the inspection found with the spec, each at its boundary.</summary>
public sealed class InspectedRulesTests
{
    private const string Megatron = "qwen3-30b-a3b";
    private const string Fsdp = "minimal";
    private const string Transformer = "actor_rollout_ref.actor.megatron.override_transformer_config";
    private const string Saving = "trainer: {saveFrequency: 4, totalSteps: 16, checkpointDir: /data/ckpt}";

    private static readonly InspectedFacts Qwen = new()
    {
        Layers = 48,
        AttentionHeads = 32,
        KeyValueHeads = 4,
        Experts = 128,
        Parameters = 30_532_122_624,
        WeightBytes = 61_064_245_248,
        TrainRows = 7473,
        FreeBytes = 1L << 50,
    };

    private static readonly FactCase[] All =
    [
        new(RuleNames.AttentionHeads, Megatron, "{}", facts => facts with { AttentionHeads = 36 }, facts => facts with { AttentionHeads = 34 }, "the model's attention heads 34 are not divisible by actor.parallelism.tensor 4; 2 or 17 would do"),
        new(RuleNames.AttentionHeads, Megatron, "actor: {parallelism: {tensor: 2, pipeline: 4}}", facts => facts with { AttentionHeads = 36 }, facts => facts with { AttentionHeads = 34 }, "not divisible by rollout.parallelism.tensor 4"),
        new(RuleNames.AttentionHeads, Megatron, "rollout: {engine: sglang}\nactor: {parallelism: {tensor: 2, pipeline: 4}}", facts => facts with { AttentionHeads = 34 }, facts => facts with { AttentionHeads = 33 }, "tensor 2"),
        new(RuleNames.AttentionHeads, Fsdp, "actor: {parallelism: {ulysses: 8}}", facts => facts with { AttentionHeads = 24 }, facts => facts with { AttentionHeads = 28 }, "actor.parallelism.ulysses 8; 7 or 14"),
        new(RuleNames.KeyValueHeads, Megatron, "{}", facts => facts with { KeyValueHeads = 8 }, facts => facts with { KeyValueHeads = 6 }, "neither are the model's key-value heads 6 divisible by actor.parallelism.tensor 4 nor it by them"),
        new(RuleNames.KeyValueHeads, Megatron, "{}", facts => facts with { KeyValueHeads = 2 }, facts => facts with { KeyValueHeads = 3 }, "key-value heads 3"),
        new(RuleNames.KeyValueHeads, Fsdp, "overrides: [actor_rollout_ref.actor.fsdp_config.ulysses_sequence_parallel_size=4]", facts => facts with { KeyValueHeads = 12 }, facts => facts with { KeyValueHeads = 6 }, "fsdp_config.ulysses_sequence_parallel_size 4"),
        new(RuleNames.ModelExperts, Megatron, "{}", facts => facts with { Experts = 64 }, facts => facts with { Experts = 60 }, "the model's experts 60 are not divisible by actor.parallelism.expert 8; 6 or 10 would do"),
        new(RuleNames.ModelExperts, Megatron, "{}", facts => facts with { Experts = 0 }, facts => facts with { Experts = 7 }, "experts 7"),
        new(RuleNames.ModelLayers, Megatron, "{}", facts => facts with { Layers = 46 }, facts => facts with { Layers = 47 }, "the model's layers 47 are not divisible by the 2 stages that actor.parallelism.pipeline 2 leaves for them"),
        new(RuleNames.ModelLayers, Megatron, "{}", facts => facts with { Layers = 2 }, facts => facts with { Layers = 1 }, "layers 1 "),
        new(RuleNames.ModelLayers, Megatron, Stages(8, "num_layers_in_first_pipeline_stage: 10"), facts => facts with { Layers = 94 }, facts => facts with { Layers = 96 }, "layers 96 − actor.transformerConfig.num_layers_in_first_pipeline_stage 10 = 86 are not divisible by the 7 stages"),
        new(RuleNames.ModelLayers, Megatron, Stages(8, "num_layers_in_first_pipeline_stage: 11, num_layers_in_last_pipeline_stage: 11"), facts => facts with { Layers = 94 }, facts => facts with { Layers = 93 }, "= 71 are not divisible by the 6 stages"),
        new(RuleNames.TrainRows, Megatron, "{}", facts => facts with { TrainRows = 16 }, facts => facts with { TrainRows = 15 }, "data.trainFiles have 15 rows, fewer than data.trainBatchSize 16: not one step"),
        new(RuleNames.TrainRows, Megatron, "verlVersion: 0.9.0\noverrides: [data.gen_batch_size=48]", facts => facts with { TrainRows = 48 }, facts => facts with { TrainRows = 47 }, "data.gen_batch_size 48"),
        new(RuleNames.ClaimAccess, Megatron, "{}", facts => facts with { Claims = Modes("ReadWriteOnce", "ReadWriteMany") }, facts => facts with { Claims = Modes("ReadWriteOnce") }, "claim 'weights' has access mode ReadWriteOnce; pods on 2 nodes need ReadWriteMany", FindingSeverity.Warning),
        new(RuleNames.ClaimAccess, Megatron, "{}", facts => facts with { Claims = Modes("ReadOnlyMany") }, facts => facts with { Claims = Modes("ReadWriteOncePod") }, "ReadWriteOncePod", FindingSeverity.Warning),
        new(RuleNames.ClaimAccess, Megatron, "workers: {nodes: 2}", facts => facts with { Claims = Modes() }, facts => facts with { Claims = Modes("ReadWriteOnce") }, "nodes", FindingSeverity.Warning),
        new(RuleNames.ResumedCheckpoint, Megatron, "{}", facts => facts with { Checkpoint = new(40, "MegatronFlat", null) }, facts => facts with { Checkpoint = new(40, "Fsdp", 32) }, "the checkpoint of step 40 in /data/checkpoints/verl_grpo_example_gsm8k_math_base/qwen3_30b_moe_megatron_base was saved by another strategy than Megatron"),
        new(RuleNames.ResumedCheckpoint, Megatron, "verlVersion: 0.8.0", facts => facts with { Checkpoint = new(40, null, null) }, facts => facts with { Checkpoint = new(40, "Megatron", null) }, "has a layout that verl 0.8.0 doesn't know"),
        new(RuleNames.ResumedCheckpoint, Megatron, "verlVersion: 0.9.0", facts => facts with { Checkpoint = new(40, "Megatron", null) }, facts => facts with { Checkpoint = new(40, "MegatronFlat", null) }, "migrate_megatron_checkpoint_layout.py"),
        new(RuleNames.ResumedCheckpoint, Fsdp, Saving, facts => facts with { Checkpoint = new(8, "Fsdp", 16) }, facts => facts with { Checkpoint = new(8, "Fsdp", 8) }, "was saved by 8 ranks, and there are NPUs workers.nodes 1 × workers.npusPerNode 16 = 16"),
        new(RuleNames.ResumedCheckpoint, Fsdp, Saving, facts => facts with { Checkpoint = new(8, "Fsdp", 16) }, facts => facts with { Checkpoint = new(8, "MegatronFlat", null) }, "another strategy than FSDP"),
        new(RuleNames.ResumedCheckpoint, Fsdp, Saving, facts => facts with { Checkpoint = null }, facts => facts with { Checkpoint = new(8, "Megatron", null) }, "another strategy"),
        // Weights in bf16 and twelve bytes of Adam: the published "about 430 GB".
        new(RuleNames.CheckpointSpace, Megatron, "trainer: {maxCheckpointsToKeep: 1}", facts => facts with { FreeBytes = 427_449_716_736 }, facts => facts with { FreeBytes = 427_449_716_735 }, "one checkpoint of 30532122624 parameters takes about 14 bytes each = 427.4 GB; 427.4 GB are free in /data/checkpoints/"),
        new(RuleNames.CheckpointSpace, Megatron, "trainer: {maxCheckpointsToKeep: 3}", facts => facts with { FreeBytes = 3 * 427_449_716_736 }, facts => facts with { FreeBytes = (3 * 427_449_716_736) - 1 }, "trainer.maxCheckpointsToKeep 3 are kept = 1282.3 GB", FindingSeverity.Warning),
        new(RuleNames.CheckpointSpace, Megatron, "{}", facts => facts with { FreeBytes = 233 * 427_449_716_736 }, facts => facts with { FreeBytes = (233 * 427_449_716_736) - 1 }, "all saves 233 are kept", FindingSeverity.Warning),
        new(RuleNames.CheckpointSpace, Megatron, "trainer: {totalSteps: 59, maxCheckpointsToKeep: 9}", facts => facts with { FreeBytes = 2 * 427_449_716_736 }, facts => facts with { FreeBytes = (2 * 427_449_716_736) - 1 }, "all saves 2 are kept", FindingSeverity.Warning),
        new(RuleNames.CheckpointSpace, Megatron, "trainer: {maxCheckpointsToKeep: 1}\noverrides: ['actor_rollout_ref.actor.checkpoint.save_contents=[model,hf_model]']", facts => facts with { FreeBytes = 122_128_490_496 }, facts => facts with { FreeBytes = 122_128_490_495 }, "about 4 bytes each"),
        new(RuleNames.CheckpointSpace, Fsdp, Saving, facts => facts with { FreeBytes = 4 * 12 * 30_532_122_624 }, facts => facts with { FreeBytes = (12 * 30_532_122_624) - 1 }, "about 12 bytes each"),
        new(RuleNames.CheckpointSpace, Fsdp, Saving + "\noverrides: [actor_rollout_ref.actor.fsdp_config.model_dtype=bf16]", facts => facts with { FreeBytes = 4 * 6 * 30_532_122_624 }, facts => facts with { FreeBytes = (6 * 30_532_122_624) - 1 }, "about 6 bytes each"),
    ];

    public static TheoryData<FactCase> Cases => [.. All];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_rule_holds_up_to_its_boundary_and_not_beyond(FactCase at)
    {
        Assert.Empty(at.Findings(at.Kept(Qwen)));
        var broken = at.Findings(at.Broken(Qwen));
        Assert.Contains(broken, finding => finding.Message.Contains(at.Says, StringComparison.Ordinal));
        Assert.All(broken, finding => Assert.Equal(at.Severity, finding.Severity));
    }

    [Fact]
    public void Every_rule_has_its_cases() =>
        Assert.Equal(SpecRules.AllOfFacts.Select(rule => rule.Name).Order(StringComparer.Ordinal), All.Select(at => at.Rule).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void The_published_model_suits_the_published_example() =>
        Assert.Empty(SpecRules.CheckFacts(Samples.Spec(Megatron), Samples.Namespace, "job", Qwen));

    [Theory]
    [InlineData(Megatron)]
    [InlineData(Fsdp)]
    public void What_could_not_be_known_is_not_judged(string sample) =>
        Assert.Empty(SpecRules.CheckFacts(Samples.Spec(sample, sample == Fsdp ? Saving : "{}"), Samples.Namespace, "job", InspectedFacts.None));

    [Theory]
    [InlineData($"overrides: ['{Transformer}.account_for_loss_in_pipeline_split=True']")]
    [InlineData($"overrides: ['+{Transformer}.pipeline_model_parallel_layout=E|tt']")]
    [InlineData("overrides: [actor_rollout_ref.actor.megatron.virtual_pipeline_model_parallel_size=2]")]
    [InlineData("actor: {parallelism: {pipeline: 1}}")]
    [InlineData("launch: {command: [train.sh]}")]
    public void Layers_that_are_divided_otherwise_are_not_counted(string patch) =>
        Assert.Empty(SpecRules.CheckFacts(Samples.Spec(Megatron, patch), Samples.Namespace, "job", Qwen with { Layers = 47 }));

    [Theory]
    [InlineData("trainer: {saveFrequency: -1}")]
    [InlineData("overrides: ['actor_rollout_ref.actor.checkpoint.save_contents=[]']")]
    [InlineData("overrides: [actor_rollout_ref.actor.checkpoint.save_contents=null]")]
    public void Nothing_that_is_saved_needs_no_space(string patch) =>
        Assert.Empty(SpecRules.CheckFacts(Samples.Spec(Megatron, patch), Samples.Namespace, "job", Qwen with { FreeBytes = 1 }));

    [Fact]
    public void A_checkpoint_that_is_not_resumed_may_be_anything() =>
        Assert.Empty(SpecRules.CheckFacts(Samples.Spec(Megatron, "trainer: {resume: {mode: Disabled}}"), Samples.Namespace, "job", Qwen with { Checkpoint = new(40, "Fsdp", 8) }));

    [Fact]
    public void Weights_that_are_not_there_say_nothing_of_a_checkpoints_size() =>
        Assert.Empty(SpecRules.CheckFacts(Samples.Spec(Megatron), Samples.Namespace, "job", Qwen with { FreeBytes = 1, WeightBytes = 30_532_122_623 }));

    [Fact]
    public void It_can_be_ignored_and_with_another_module_data_is_only_warned_of()
    {
        var few = Qwen with { TrainRows = 1 };
        Assert.Equal(FindingSeverity.Error, Assert.Single(SpecRules.CheckFacts(Samples.Spec(Megatron), Samples.Namespace, "job", few)).Severity);
        Assert.Equal(FindingSeverity.Warning, Assert.Single(SpecRules.CheckFacts(Samples.Spec(Megatron, "validation: {ignore: [TrainRows]}"), Samples.Namespace, "job", few)).Severity);
        Assert.Equal(FindingSeverity.Warning, Assert.Single(SpecRules.CheckFacts(Samples.Spec(Megatron, "launch: {module: recipe.dapo.main_dapo}"), Samples.Namespace, "job", few)).Severity);
    }

    private static Dictionary<string, IReadOnlyList<string>> Modes(params string[] modes) => new(StringComparer.Ordinal) { ["weights"] = modes };

    private static string Stages(int pipeline, string config) => $"actor: {{parallelism: {{tensor: 2, context: 1, pipeline: {pipeline}}}, transformerConfig: {{{config}}}}}";

    /// <summary>A rule at its boundary: two findings next to each other, one that keeps it and one that breaks it.</summary>
    public sealed record FactCase(string Rule, string Sample, string Patch, Func<InspectedFacts, InspectedFacts> Kept, Func<InspectedFacts, InspectedFacts> Broken, string Says, FindingSeverity Severity = FindingSeverity.Error)
    {
        public IReadOnlyList<Finding> Findings(InspectedFacts facts) =>
            [.. SpecRules.CheckFacts(Samples.Spec(Sample, Patch), Samples.Namespace, "job", facts).Where(finding => finding.Rule == Rule)];

        public override string ToString() => $"{Rule}: {Says}";
    }
}
