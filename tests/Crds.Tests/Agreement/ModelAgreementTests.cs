using System.Text.Json.Nodes;
using GrpoOperator.Crds.Schema;

namespace GrpoOperator.Crds.Tests.Agreement;

public sealed class ModelAgreementTests
{
    [Theory]
    [InlineData("spec", typeof(GrpoTrainingJobSpec))]
    [InlineData("status", typeof(GrpoTrainingJobStatus))]
    public void Schema_and_model_say_the_same(string part, Type type) =>
        Assert.Equal([], ModelAgreement.Differences(Schema(part), type));

    // The test of the test: each change must be seen, at its place.
    [Theory]
    [InlineData("properties.image.type", "\"integer\"", "image")]
    [InlineData("properties.suspend.default", null, "suspend")]
    [InlineData("properties.suspend.default", "true", "suspend")]
    [InlineData("properties.ray.default", null, "ray")]
    [InlineData("properties.verlVersion.default", "\"0.7.1\"", "verlVersion")]
    [InlineData("properties.strategy.enum.4", "\"Another\"", "strategy")]
    [InlineData("properties.strategy.enum.0", "\"megatron\"", "strategy")]
    [InlineData("properties.actor.required", null, "actor.ppoMiniBatchSize")]
    [InlineData("properties.actor.required.1", "\"learningRate\"", "actor.learningRate")]
    [InlineData("properties.actor.properties.learningrate", "{\"type\":\"string\"}", "actor.learningrate")]
    [InlineData("properties.rollout.properties.parallelism.properties.tensor", null, "rollout.parallelism.tensor")]
    [InlineData("properties.rollout.properties.parallelism.properties.tensor.format", "\"int64\"", "rollout.parallelism.tensor")]
    [InlineData("properties.workers.properties.template.x-kubernetes-preserve-unknown-fields", null, "workers.template")]
    [InlineData("properties.actor.properties.transformerConfig.x-kubernetes-preserve-unknown-fields", null, "actor.transformerConfig")]
    [InlineData("properties.volumes.items.x-kubernetes-preserve-unknown-fields", null, "volumes[]")]
    [InlineData("properties.overrides.items.type", "\"integer\"", "overrides[]")]
    [InlineData("properties.overrides.type", "\"string\"", "overrides")]
    [InlineData("properties.failurePolicy.properties.rules.items.properties.action.enum.2", "\"Stop\"", "failurePolicy.rules[].action")]
    [InlineData("properties.reward.x-kubernetes-preserve-unknown-fields", "true", "reward")]
    public void A_planted_difference_is_found_at_its_place(string schemaPath, string? json, string place)
    {
        var schema = Schema("spec");
        Example.Set(schema, schemaPath, json);

        var found = ModelAgreement.Differences(schema, typeof(GrpoTrainingJobSpec));

        Assert.Contains(found, d => d.StartsWith(place + " ", StringComparison.Ordinal));
        Assert.All(found, d => Assert.StartsWith(place, d, StringComparison.Ordinal));
    }

    [Fact]
    public void A_planted_difference_in_status_is_found()
    {
        var schema = Schema("status");
        Example.Set(schema, "properties.startTime.format", null);
        Example.Set(schema, "properties.restartsByClass.additionalProperties.format", "\"int64\"");
        Example.Set(schema, "properties.conditions.items.properties.status.enum.3", "\"Maybe\"");

        Assert.Equal(
            ["conditions[].status", "restartsByClass.*", "startTime"],
            ModelAgreement.Differences(schema, typeof(GrpoTrainingJobStatus)).Select(d => d.Split(' ')[0]).Order());
    }

    private static JsonObject Schema(string part) =>
        JsonObject.Create(CrdSchema.Root.GetProperty("properties").GetProperty(part))!.DeepClone().AsObject();
}
