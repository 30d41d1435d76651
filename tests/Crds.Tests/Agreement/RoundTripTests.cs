using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GrpoOperator.Crds.Schema;

namespace GrpoOperator.Crds.Tests.Agreement;

public sealed class RoundTripTests
{
    private static readonly JsonSerializerOptions Strict = new(CrdJsonContext.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    [Fact]
    public void An_object_with_every_field_of_the_schema_loses_nothing()
    {
        var root = JsonObject.Create(CrdSchema.Root)!;
        var full = Full(root, "").AsObject();
        full["apiVersion"] = V1alpha1GrpoTrainingJob.KubeGroupVersion;
        full["kind"] = V1alpha1GrpoTrainingJob.KubeKind;
        full["metadata"] = JsonNode.Parse("""{"name":"full","namespace":"default","uid":"u","resourceVersion":"7","generation":3,"labels":{"a":"b"}}""");

        var job = full.Deserialize<V1alpha1GrpoTrainingJob>(Strict)!;
        var back = JsonSerializer.SerializeToNode(job, CrdJsonContext.Default.V1alpha1GrpoTrainingJob)!;

        Assert.True(JsonNode.DeepEquals(full, back), $"{full}\nbecame\n{back}");
        Assert.Contains("surely-unknown", back.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_the_server_knows_and_we_do_not_is_skipped()
    {
        var changed = Example.With("spec.actor.fieldOfTheFuture", "1");

        Assert.Equal(16, changed.Deserialize(CrdJsonContext.Default.V1alpha1GrpoTrainingJob)!.Spec.Actor.PpoMiniBatchSize);
        Assert.Throws<JsonException>(() => changed.Deserialize<V1alpha1GrpoTrainingJob>(Strict));
    }

    [Theory]
    [InlineData("spec.image", null)]
    [InlineData("spec.image", "null")]
    [InlineData("spec.strategy", "\"DeepSpeed\"")]
    [InlineData("spec.workers.nodes", "\"2\"")]
    [InlineData("spec.actor", "null")]
    public void What_the_schema_refuses_the_model_refuses_too(string path, string? json)
    {
        var changed = Example.With(path, json);

        Assert.Throws<JsonException>(() => changed.Deserialize(CrdJsonContext.Default.V1alpha1GrpoTrainingJob));
    }

    [Fact]
    public void Decimals_stay_as_they_were_written()
    {
        var job = Example.With("spec.actor.learningRate", "\"1.0E-06\"").Deserialize(CrdJsonContext.Default.V1alpha1GrpoTrainingJob)!;

        Assert.Equal("1.0E-06", job.Spec.Actor.LearningRate);
    }

    [Theory]
    [InlineData("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z")]
    [InlineData("2026-01-02T05:04:05+02:00", "2026-01-02T03:04:05Z")]
    [InlineData("2026-01-02T03:04:05.987654Z", "2026-01-02T03:04:05Z")]
    public void Times_are_whole_seconds_of_utc(string read, string written)
    {
        var status = JsonSerializer.Deserialize($$"""{"startTime":"{{read}}"}""", CrdJsonContext.Default.GrpoTrainingJobStatus)!;

        Assert.Equal(DateTimeKind.Utc, status.StartTime!.Value.Kind);
        Assert.Equal(written, (string?)JsonSerializer.SerializeToNode(status, CrdJsonContext.Default.GrpoTrainingJobStatus)!["startTime"]);
    }

    // Every property of the schema, with a value of its own kind.
    private static JsonNode Full(JsonNode schema, string path)
    {
        if (schema["enum"] is JsonArray values)
            return values[^1]!.DeepClone();
        if (schema["x-kubernetes-preserve-unknown-fields"] is not null)
            return JsonNode.Parse($$"""{"name":"n","surely-unknown":{"at":"{{path}}","deep":[1,2.5,1e-7,true,{"x":[]} ] } }""")!;
        switch ((string?)schema["type"])
        {
            case "object" when schema["additionalProperties"] is { } others:
                return new JsonObject { ["key"] = Full(others, path) };
            case "object":
                return new JsonObject((schema["properties"]?.AsObject() ?? []).Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Full(p.Value!, $"{path}.{p.Key}"))));
            case "array":
                return new JsonArray(Full(schema["items"]!, path + "[0]"), Full(schema["items"]!, path + "[1]"));
            case "integer":
                return (string?)schema["format"] == "int64" ? 5_000_000_000 : 17;
            case "boolean":
                return schema["default"]?.GetValue<bool>() != true;
            default:
                return (string?)schema["format"] == "date-time" ? "2026-01-02T03:04:05Z" : $"text at {path}";
        }
    }
}
