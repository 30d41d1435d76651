using System.Text.Json;
using GrpoOperator.Crds;
using GrpoOperator.Crds.Schema;
using GrpoOperator.Crds.Yaml;
using GrpoOperator.Training.Ascend;
using GrpoOperator.Training.Verl;
using GrpoOperator.Training.Verl.Hydra;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Tests.Verl;

public sealed class SampleTests
{
    private const string Actor = "actor_rollout_ref.actor.megatron";
    private const string Reference = "actor_rollout_ref.ref.megatron";

    public static TheoryData<string> Names => [.. Samples.Names];

    [Fact]
    public void There_are_four() =>
        Assert.Equal(["minimal", "qwen3-30b-a3b", "qwen3-30b-a3b-mbridge", "qwen3-8b-a2"], Samples.Names);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_sample_fits_the_schema(string name) => Assert.Empty(CrdSchema.Check(Samples.Json(name)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_sample_keeps_every_rule(string name)
    {
        var job = Samples.Job(name);
        Assert.Empty(SpecRules.Check(job.Spec, Samples.Namespace, job.Metadata.Name));
    }

    [Fact]
    public void The_readmes_job_is_a_job_that_runs()
    {
        var text = File.ReadAllText(TestFiles.PathOf("README.md")).Split("```yaml\n")[1].Split("```")[0];
        var json = KubectlYaml.ReadSingle(text).Root;
        Assert.Empty(CrdSchema.Check(json));
        Assert.Empty(SpecRules.Check(json.Deserialize(CrdJsonContext.Default.V1alpha1GrpoTrainingJob)!.Spec, Samples.Namespace, "qwen3-8b"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_sample_has_its_golden_arguments(string name)
    {
        var job = Samples.Job(name);
        var arguments = Arguments.For(job.Spec, Samples.Namespace, job.Metadata.Name, JobShape.Of(job.Spec), ResumeArgument.First);
        Golden.Matches($"{name}.args", string.Join('\n', arguments) + "\n");
    }

    [Fact]
    public void The_30B_sample_is_the_published_example_argument_for_argument()
    {
        var published = File.ReadAllLines(TestFiles.PathOf("tests", "Training.Tests", "Verl", "Golden", "published-two-node.args"));
        var ours = Samples.Arguments(Samples.Spec("qwen3-30b-a3b"));
        Assert.Equal(62, published.Length);
        Assert.Equal(62, ours.Count);
        Assert.Empty(published.Except(ours, ArgumentComparer.Instance));
        Assert.Empty(ours.Except(published, ArgumentComparer.Instance));
    }

    [Fact]
    public void The_mbridge_sample_differs_by_the_weights_and_the_rotary_embeddings_only()
    {
        var converted = Samples.Arguments(Samples.Spec("qwen3-30b-a3b"));
        var online = Samples.Arguments(Samples.Spec("qwen3-30b-a3b-mbridge"));
        Assert.Equal(
        [
            $"{Actor}.dist_checkpointing_path=/weight/Qwen3-30B-A3B-dist",
            $"{Actor}.use_dist_checkpointing=True",
            $"{Reference}.dist_checkpointing_path=/weight/Qwen3-30B-A3B-dist",
            $"{Reference}.use_dist_checkpointing=True",
        ], converted.Except(online, ArgumentComparer.Instance).Order(StringComparer.Ordinal));
        Assert.Equal(
        [
            $"+{Actor}.override_transformer_config.position_embedding_type=rope",
            $"+{Actor}.override_transformer_config.use_fused_rotary_pos_emb=True",
            $"{Actor}.use_dist_checkpointing=False",
            $"{Actor}.use_mbridge=True",
            $"{Reference}.use_dist_checkpointing=False",
        ], online.Except(converted, ArgumentComparer.Instance).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_that_hangs_or_belongs_to_the_operator_stands_in_a_sample()
    {
        foreach (var text in Samples.Names.Select(name => File.ReadAllText(TestFiles.PathOf("config", "samples", $"{name}.yaml"))))
            Assert.DoesNotContain("- name: RAY_DEBUG_POST_MORTEM", text, StringComparison.Ordinal);
        Assert.Equal("0.7.1", Samples.Spec("qwen3-30b-a3b").VerlVersion);
        Assert.Equal("quay.io/ascend/verl:verl-8.5.0-a3-ubuntu22.04-py3.11-v0.7.1", Samples.Spec("qwen3-30b-a3b").Image);
        Assert.Equal(WeightsMode.MBridge, Samples.Spec("qwen3-30b-a3b-mbridge").Model.Weights);
    }
}
