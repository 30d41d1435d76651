using System.Text.Json;
using System.Text.Json.Nodes;
using GrpoOperator.Crds.Schema;

namespace GrpoOperator.Crds.Tests.Schema;

public sealed class SchemaCheckTests
{
    [Fact]
    public void The_example_fits() => Assert.Equal([], CrdSchema.Check(Example.Element));

    [Theory]
    [InlineData("spec.image", null, "spec.image: is required")]
    [InlineData("spec.image", "null", "spec.image: is required")]
    [InlineData("spec.image", "\"\"", "spec.image: must not be empty")]
    [InlineData("spec.image", "\"a\\nb\"", "spec.image: \"a\nb\" doesn't match ^[^\\x00\\r\\n]*$")]
    [InlineData("spec.image", "\"a\\n\"", "spec.image: \"a\n\" doesn't match ^[^\\x00\\r\\n]*$")]
    [InlineData("spec.strategy", "\"DeepSpeed\"", "spec.strategy: \"DeepSpeed\" is none of Megatron, FSDP, FSDP2, Custom")]
    [InlineData("spec.actor.learningRate", "1e-6", "spec.actor.learningRate: must be a string: write \"1e-6\" with its quotes")]
    [InlineData("spec.actor.learningRate", "\"fast\"", "spec.actor.learningRate: \"fast\" doesn't match ^([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][-+]?[0-9]+)?$")]
    [InlineData("spec.actor.learningrate", "\"1\"", "spec.actor.learningrate: is no known field; learningRate is")]
    [InlineData("spec.actor.zzz", "1", "spec.actor.zzz: is no known field")]
    [InlineData("spec.workers.nodes", "\"2\"", "spec.workers.nodes: must be an integer, without quotes")]
    [InlineData("spec.workers.nodes", "2.5", "spec.workers.nodes: must be a whole number, 2.5 is none")]
    [InlineData("spec.workers.nodes", "0", "spec.workers.nodes: 0 is below 1")]
    [InlineData("spec.workers.nodes", "5000", "spec.workers.nodes: 5000 is above 4096")]
    [InlineData("spec.workers.hostNetwork", "\"true\"", "spec.workers.hostNetwork: must be true or false, without quotes")]
    [InlineData("spec.workers.resources.limits.cpu", "true", "spec.workers.resources.limits.cpu: must be an integer or a string")]
    [InlineData("spec.workers.resources.limits.cpu", "\"4x\"", "spec.workers.resources.limits.cpu: \"4x\" doesn't match ^([0-9]+([.][0-9]*)?|[.][0-9]+)(([KMGTPE]i)|[mkMGTPE]|([eE][-+]?[0-9]+))?$")]
    [InlineData("spec.data.trainFiles", "[]", "spec.data.trainFiles: has fewer than 1 items")]
    [InlineData("spec.data.trainFiles", "\"/a\"", "spec.data.trainFiles: must be an array, is string")]
    [InlineData("spec.data.trainFiles.0", "\"data/a\"", "spec.data.trainFiles[0]: \"data/a\" doesn't match ^/[^\\x00\\r\\n$*?\\[\\]]*$")]
    [InlineData("spec.env.0", "{\"value\":\"x\"}", "spec.env[0].name: is required")]
    [InlineData("spec.env.1.name", "\"VLLM_USE_V1\"", "spec.env: name \"VLLM_USE_V1\" stands twice")]
    [InlineData("spec.validation.ignore", "[\"A\",\"A\"]", "spec.validation.ignore: \"A\" stands twice")]
    [InlineData("spec.trainer.resume.path", "\"/c/global_step_\"", "spec.trainer.resume.path: \"/c/global_step_\" doesn't match ^/[^\\x00\\r\\n$*?\\[\\]]*/global_step_[0-9]+$")]
    [InlineData("sepc", "{}", "sepc: is no known field; spec is")]
    public void What_the_server_refuses_is_said_with_its_place(string path, string? json, string violation) =>
        Assert.Equal([violation], CrdSchema.Check(JsonSerializer.SerializeToElement<JsonNode>(Example.With(path, json))).Select(v => v.ToString()));

    [Theory]
    [InlineData("spec.workers.template.spec.anything", "{\"deep\":[1]}")]
    [InlineData("spec.volumes.0.csi", "{\"driver\":\"x\"}")]
    [InlineData("spec.workers.resources.limits.cpu", "4")]
    [InlineData("spec.workers.resources.claims", "[{\"name\":\"c\"}]")]
    [InlineData("spec.actor.transformerConfig.any_key", "[1.5]")]
    [InlineData("spec.reward", "null")]
    [InlineData("spec.rollout.npuMemoryUtilization", "\".05\"")]
    [InlineData("spec.rollout.npuMemoryUtilization", "\"1.0\"")]
    [InlineData("spec.verlVersion", "\"0.10.0.dev0\"")]
    [InlineData("spec.verlVersion", "\"0.7\"")]
    [InlineData("spec.verlVersion", "\"0.7.0rc1\"")]
    [InlineData("spec.verlVersion", "\"0.8.0+npu.1\"")]
    [InlineData("metadata.annotations", "{\"x\":\"y\"}")]
    public void What_the_server_takes_is_taken(string path, string json) =>
        Assert.Equal([], CrdSchema.Check(JsonSerializer.SerializeToElement<JsonNode>(Example.With(path, json))));

    [Theory]
    [InlineData("spec.rollout.npuMemoryUtilization", "\"0\"")]
    [InlineData("spec.rollout.npuMemoryUtilization", "\"0.0\"")]
    [InlineData("spec.rollout.npuMemoryUtilization", "\"1.1\"")]
    [InlineData("spec.verlVersion", "\"latest\"")]
    [InlineData("spec.verlVersion", "\"v0.7.1\"")]
    [InlineData("spec.workers.resourceName", "\"Ascend910\"")]
    [InlineData("spec.launch.module", "\"a b\"")]
    public void Patterns_refuse_what_they_should(string path, string json) =>
        Assert.Single(CrdSchema.Check(JsonSerializer.SerializeToElement<JsonNode>(Example.With(path, json))));

    [Theory]
    [InlineData("learningrate", "learningRate")]
    [InlineData("trainFile", "trainFiles")]
    [InlineData("epochs", null)]
    [InlineData("totalEpoch", "totalEpochs")]
    public void The_nearest_name_is_near_or_none(string name, string? near) =>
        Assert.Equal(near, NearestName.Of(name, ["learningRate", "trainFiles", "totalEpochs", "totalSteps"]));
}
