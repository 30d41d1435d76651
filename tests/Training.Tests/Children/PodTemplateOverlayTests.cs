using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using GrpoOperator.Training.Children;

namespace GrpoOperator.Training.Tests.Children;

public sealed class PodTemplateOverlayTests
{
    [Theory]
    [InlineData("{a: 1}", "{b: 2}", "{a: 1, b: 2}")]
    [InlineData("{a: {b: 1, c: 2}}", "{a: {c: null, d: {e: null, f: 1}}}", "{a: {b: 1, d: {f: 1}}}")]
    [InlineData("{a: [1, 2]}", "{a: [3]}", "{a: [3]}")]
    [InlineData("{tolerations: [{key: a}]}", "{tolerations: [{key: b}]}", "{tolerations: [{key: b}]}")]
    [InlineData("{containers: [{name: trainer, image: i}]}", "{containers: [{name: s}, {name: trainer, x: 1}]}", "{containers: [{name: trainer, image: i, x: 1}, {name: s}]}")]
    [InlineData("{containers: [{name: t, ports: [{containerPort: 1, name: a}]}]}", "{containers: [{name: t, ports: [{containerPort: 1, protocol: UDP}, {containerPort: 1, protocol: TCP, name: b}]}]}", "{containers: [{name: t, ports: [{containerPort: 1, name: b, protocol: TCP}, {containerPort: 1, protocol: UDP}]}]}")]
    [InlineData("{volumeMounts: [{name: a, mountPath: /a}]}", "{volumeMounts: [{name: b, mountPath: /a}]}", "{volumeMounts: [{name: b, mountPath: /a}]}")]
    [InlineData("{env: [{name: A, value: x}]}", "{env: [{name: A, valueFrom: {fieldRef: {fieldPath: f}}}]}", "{env: [{name: A, valueFrom: {fieldRef: {fieldPath: f}}}]}")]
    [InlineData("{volumes: [{name: v, persistentVolumeClaim: {claimName: c}}]}", "{volumes: [{name: v, emptyDir: {}}]}", "{volumes: [{name: v, emptyDir: {}}]}")]
    [InlineData("{volumes: [{name: v, persistentVolumeClaim: {claimName: c}}]}", "{volumes: [{name: v, persistentVolumeClaim: {readOnly: true}}]}", "{volumes: [{name: v, persistentVolumeClaim: {claimName: c, readOnly: true}}]}")]
    [InlineData("{}", "{containers: [{name: a, x: null}, {name: a, y: 1}]}", "{containers: [{name: a, y: 1}]}")]
    [InlineData("{imagePullSecrets: [{}]}", "{imagePullSecrets: [{}, {name: a}]}", "{imagePullSecrets: [{}, {name: a}]}")]
    [InlineData("{a: {b: 1}}", "{a: 5}", "{a: 5}")]
    [InlineData("{a: 5}", "{a: {b: 1}}", "{a: {b: 1}}")]
    public void Overlays_merge_as_kubectl_patch_does(string template, string overlay, string result) =>
        Assert.Equal(Node(result).ToJsonString(), PodTemplateOverlay.Merge(Node(template), Node(overlay)).ToJsonString());

    [Fact]
    public void An_empty_overlay_changes_nothing() => Templates.Sample(template =>
    {
        Equal(template, PodTemplateOverlay.Merge(template, new JsonObject()));
        Equal(template, PodTemplateOverlay.Merge(template, (JsonElement?)null));
    });

    [Fact]
    public void A_second_time_changes_nothing() => Gen.Select(Templates, Templates).Sample((template, overlay) =>
    {
        var once = PodTemplateOverlay.Merge(template, overlay);

        Equal(once, PodTemplateOverlay.Merge(once, overlay));
    });

    [Fact]
    public void What_only_one_side_has_survives() => Gen.Select(Templates, Templates).Sample((template, overlay) =>
    {
        template["onlyBelow"] = JsonNode.Parse("""{"deep":[1,{"x":2}]}""");
        overlay["onlyAbove"] = JsonNode.Parse("""{"deep":[1,{"x":2}]}""");
        var (below, above) = (template.ToJsonString(), overlay.ToJsonString());

        var merged = PodTemplateOverlay.Merge(template, overlay);

        Equal(template["onlyBelow"]!, merged["onlyBelow"]!);
        Equal(overlay["onlyAbove"]!, merged["onlyAbove"]!);
        Assert.Equal((below, above), (template.ToJsonString(), overlay.ToJsonString()));
    });

    [Fact]
    public void A_field_given_above_wins_and_null_takes_it_away() => Gen.Select(Templates, Templates).Sample((template, overlay) =>
    {
        var merged = PodTemplateOverlay.Merge(template, overlay);

        foreach (var (name, value) in overlay)
        {
            Assert.Equal(value is not null, merged.ContainsKey(name));
            if (value is JsonValue)
                Equal(value, merged[name]!);
        }
    });

    [Fact]
    public void A_field_that_nobody_knows_reaches_the_pod()
    {
        const string patch = """
            {workers: {template: {metadata: {annotations: {a: b}}, spec: {fieldOfTheFuture: {deep: [1]}, containers: [{name: trainer, anotherOne: [x]}, {name: side, image: i, third: {}}]}}}}
            """;
        var set = ChildSamples.Build(ChildKind.StatefulSet, ChildSamples.Context("minimal", patch));
        var pod = ChildSamples.Template(set)["spec"]!;

        Assert.Equal("""{"deep":[1]}""", pod["fieldOfTheFuture"]!.ToJsonString());
        Assert.Equal("""["x"]""", ChildSamples.Own(ChildKind.StatefulSet, set)["anotherOne"]!.ToJsonString());
        Assert.Equal("""{"name":"side","image":"i","third":{}}""", pod["containers"]![1]!.ToJsonString());
        Assert.Equal("b", (string?)ChildSamples.Template(set)["metadata"]!["annotations"]!["a"]);
    }

    /// <summary>Objects of few names, some of them of lists that merge by key, so that two of them meet often.</summary>
    private static Gen<JsonObject> Templates { get; } = Gen.Recursive<JsonObject>((depth, inner) =>
        Gen.Select(OneOf("a", "b", "containers", "env", "volumes", "ports", "tolerations", "name"), Gen.Int[0, 5], Gen.Int[0, 2], depth > 2 ? Gen.Const(new List<JsonObject>()) : inner.List[0, 2], OneOf("x", "y", "z"))
            .Select((name, kind, number, children, text) => (name, value: Value(name, kind, number, children, text)))
            .List[0, 4]
            .Select(fields => new JsonObject(fields.DistinctBy(f => f.name).Select(f => KeyValuePair.Create(f.name, f.value?.DeepClone())))));

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static JsonNode? Value(string name, int kind, int number, List<JsonObject> children, string text) => (name, kind) switch
    {
        ("name", _) => text,
        (_, 0) => null,
        (_, 1) => number,
        (_, 2) => text,
        (_, 3) => new JsonArray(),
        (_, 4) => children.FirstOrDefault()?.DeepClone() ?? new JsonObject(),
        _ => new JsonArray([.. children.Select(c => c.DeepClone())]),
    };

    private static JsonObject Node(string yaml) => JsonObject.Create(ChildSamples.Element(yaml))!;

    private static void Equal(JsonNode expected, JsonNode actual) => Assert.True(JsonNode.DeepEquals(expected, actual), $"{expected.ToJsonString()}\nand\n{actual.ToJsonString()}");
}
