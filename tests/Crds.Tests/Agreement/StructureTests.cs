using System.Text.Json;
using System.Text.RegularExpressions;
using GrpoOperator.Crds.Schema;
using GrpoOperator.Crds.Yaml;
using k8s.Models;

namespace GrpoOperator.Crds.Tests.Agreement;

/// <summary>What the API server demands of a structural schema, and what we demand beyond, in both forms.</summary>
public sealed partial class StructureTests
{
    private static readonly HashSet<string> Keywords =
    [
        "description", "type", "format", "enum", "pattern", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems",
        "maxProperties", "default", "required", "items", "properties", "additionalProperties", "x-kubernetes-preserve-unknown-fields",
        "x-kubernetes-int-or-string", "x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-validations",
    ];

    public static TheoryData<string> Forms => ["WithCel", "WithoutCel"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_node_is_structural_described_and_made_of_known_keywords(string form)
    {
        foreach (var (path, node) in Nodes(Schema(form)))
        {
            Assert.All(node.EnumerateObject(), k => Assert.True(Keywords.Contains(k.Name), $"{path} has the unknown keyword {k.Name}"));

            // The server allows metadata no description.
            Assert.True(path == "metadata" || (node.TryGetProperty("description", out var description) && description.GetString()!.EndsWith('.')), $"{path} isn't described");
            Assert.True(node.TryGetProperty("type", out _) != node.TryGetProperty("x-kubernetes-int-or-string", out _), $"{path} has no type");
            Assert.False(node.TryGetProperty("properties", out _) && node.TryGetProperty("additionalProperties", out _), $"{path} has both kinds of properties");
            Assert.Equal(node.GetTypeOrEmpty() == "array", node.TryGetProperty("items", out _));
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_list_has_a_type_and_its_keys_are_required_scalars(string form)
    {
        foreach (var (path, node) in Nodes(Schema(form)).Where(n => n.Node.GetTypeOrEmpty() == "array"))
        {
            Assert.True(node.TryGetProperty("x-kubernetes-list-type", out var kind), $"{path} has no list type");
            if (kind.GetString() != "map")
                continue;
            var items = node.GetProperty("items");
            foreach (var key in node.GetProperty("x-kubernetes-list-map-keys").EnumerateArray().Select(k => k.GetString()!))
            {
                Assert.Contains(key, items.GetProperty("required").EnumerateArray().Select(r => r.GetString()));
                Assert.Contains(items.GetProperty("properties").GetProperty(key).GetTypeOrEmpty(), (string[])["string", "integer"]);
            }
        }
    }

    [Fact]
    public void Everything_in_spec_is_bounded_so_that_the_cost_of_rules_is()
    {
        foreach (var (path, node) in Nodes(Schema("WithCel")).Where(n => n.Path.StartsWith("spec", StringComparison.Ordinal)))
        {
            var bounded = node.GetTypeOrEmpty() switch
            {
                "string" or "" => node.TryGetProperty("maxLength", out _) || node.TryGetProperty("enum", out _),
                "array" => node.TryGetProperty("maxItems", out _),
                "integer" => node.TryGetProperty("minimum", out _) && node.TryGetProperty("maximum", out var most) && most.TryGetInt32(out _),
                "object" when node.TryGetProperty("additionalProperties", out _) => node.TryGetProperty("maxProperties", out _),
                _ => true,
            };
            Assert.True(bounded, $"{path} has no bound");
        }
    }

    // A refused status write would stop the job, so nothing that the operator can't know beforehand may refuse one.
    [Fact]
    public void Status_has_no_bounds_and_no_rules()
    {
        string[] bounds = ["maxLength", "minLength", "pattern", "maxItems", "minItems", "minimum", "maximum", "x-kubernetes-validations"];
        foreach (var (path, node) in Nodes(Schema("WithCel")).Where(n => n.Path.StartsWith("status", StringComparison.Ordinal)))
            Assert.All(bounds, b => Assert.False(node.TryGetProperty(b, out _), $"{path} has {b}"));
    }

    // A default would make "not given" look like "given", and the argument would be written.
    [Fact]
    public void A_field_that_becomes_an_argument_of_verl_has_no_default()
    {
        var arguments = Nodes(Schema("WithCel"))
            .Where(n => n.Node.GetTypeOrEmpty() is not ("object" or "array") && n.Node.GetProperty("description").GetString()!.Contains("verl: `", StringComparison.Ordinal))
            .ToList();

        Assert.True(arguments.Count > 60, $"{arguments.Count} arguments seen");
        Assert.All(arguments, a => Assert.False(a.Node.TryGetProperty("default", out _), $"{a.Path} has a default"));
    }

    [Fact]
    public void A_default_is_named_in_the_description()
    {
        var defaulted = Nodes(Schema("WithCel"))
            .Where(n => n.Path.StartsWith("spec", StringComparison.Ordinal) && n.Node.TryGetProperty("default", out var d) && d.ValueKind != JsonValueKind.Object)
            .ToList();

        Assert.True(defaulted.Count >= 30, $"{defaulted.Count} defaults seen");
        Assert.All(defaulted, d => Assert.Contains("Default", d.Node.GetProperty("description").GetString(), StringComparison.Ordinal));
        Assert.All(
            defaulted.Where(d => d.Node.GetProperty("default").ValueKind == JsonValueKind.Number || d.Node.TryGetProperty("enum", out _)),
            d => Assert.Contains(d.Node.GetProperty("default").ToString(), d.Node.GetProperty("description").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Defaults_fit_their_own_schema()
    {
        var minimal = JsonDocument.Parse("""
            {"metadata":{"name":"m"},"spec":{"image":"i","model":{"path":"/m"},"data":{"trainFiles":["/t"],"valFiles":["/v"],"trainBatchSize":1,"prepare":{}},
             "actor":{"ppoMiniBatchSize":1},"rollout":{"samplesPerPrompt":1},"workers":{"nodes":1},"logs":{"directory":"/l"}}}
            """);
        var job = minimal.Deserialize(CrdJsonContext.Default.V1alpha1GrpoTrainingJob)!;

        Assert.Equal([], CrdSchema.Check(JsonSerializer.SerializeToElement(job.Spec, CrdJsonContext.Default.GrpoTrainingJobSpec) is var spec
            ? JsonDocument.Parse($$"""{"metadata":{},"spec":{{spec.GetRawText()}}}""").RootElement
            : default));
    }

    [Fact]
    public void Every_rule_is_named_says_what_is_wrong_and_looks_back_only_at_the_root()
    {
        var seen = 0;
        foreach (var (path, node) in Nodes(Schema("WithCel")))
        {
            if (!node.TryGetProperty("x-kubernetes-validations", out var rules))
                continue;
            foreach (var rule in rules.EnumerateArray())
            {
                seen++;
                Assert.Matches(RuleMessage(), rule.GetProperty("message").GetString());
                Assert.True(path.Length == 0 || !rule.GetProperty("rule").GetString()!.Contains("oldSelf", StringComparison.Ordinal), $"{path} looks back");
            }
        }

        Assert.True(seen > 40, $"{seen} rules seen");
    }

    [Fact]
    public void Every_spec_field_is_either_always_mutable_or_guarded()
    {
        string[] alwaysMutable =
        [
            "suspend", "failurePolicy", "startupDeadlineSeconds", "firstStepDeadlineSeconds", "stallDeadlineSeconds", "activeDeadlineSeconds",
            "scheduling.pendingDeadlineSeconds", "scheduling.gangTimeoutSeconds", "ttlSecondsAfterFinished", "cleanPodPolicy",
        ];
        var root = Schema("WithCel");
        var guarded = root.GetProperty("x-kubernetes-validations").EnumerateArray()
            .Select(r => ImmutableField().Match(r.GetProperty("message").GetString()!)).Where(m => m.Success).Select(m => m.Groups["field"].Value);
        var spec = root.GetProperty("properties").GetProperty("spec").GetProperty("properties");
        var all = spec.EnumerateObject().Select(p => p.Name).Where(n => n != "scheduling")
            .Concat(spec.GetProperty("scheduling").GetProperty("properties").EnumerateObject().Select(p => "scheduling." + p.Name));

        Assert.Equal(all.Order(), alwaysMutable.Concat(guarded).Order());
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void The_definition_is_what_the_contract_names(string form)
    {
        var yaml = KubectlYaml.ReadSingle(Text(form)).Root;
        var strict = new JsonSerializerOptions(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };
        var crd = yaml.Deserialize<V1CustomResourceDefinition>(strict)!;
        var version = Assert.Single(crd.Spec.Versions);

        Assert.Equal($"{V1alpha1GrpoTrainingJob.KubePluralName}.{V1alpha1GrpoTrainingJob.KubeGroup}", crd.Metadata.Name);
        Assert.Equal(V1alpha1GrpoTrainingJob.KubeGroup, crd.Spec.Group);
        Assert.Equal("Namespaced", crd.Spec.Scope);
        Assert.Equal(V1alpha1GrpoTrainingJob.KubeKind, crd.Spec.Names.Kind);
        Assert.Equal(V1alpha1GrpoTrainingJob.KubePluralName, crd.Spec.Names.Plural);
        Assert.Equal("grpotrainingjob", crd.Spec.Names.Singular);
        Assert.Equal(["grpo", "grpojob"], crd.Spec.Names.ShortNames);
        Assert.Equal(["all"], crd.Spec.Names.Categories);
        Assert.Equal(V1alpha1GrpoTrainingJob.KubeApiVersion, version.Name);
        Assert.True(version is { Served: true, Storage: true, Subresources.Status: not null, Subresources.Scale: null });
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Columns_are_what_the_contract_shows(string form)
    {
        var columns = KubectlYaml.ReadSingle(Text(form)).Root.GetProperty("spec").GetProperty("versions")[0].GetProperty("additionalPrinterColumns")
            .EnumerateArray().Select(c => $"{c.GetProperty("name").GetString()!.ToUpperInvariant()} {c.GetProperty("type")} {c.GetProperty("jsonPath")}{(c.TryGetProperty("priority", out _) ? " wide" : "")}");

        Assert.Equal(
            [
                "PHASE string .status.phase",
                "STEP string .status.progress.display",
                "REWARD string .status.progress.rewardMean",
                "RESTARTS integer .status.restarts",
                "NPUS integer .status.npus",
                "AGE date .metadata.creationTimestamp",
                "ATTEMPT integer .status.currentAttempt.number wide",
                "READY integer .status.readyNodes wide",
                "S/STEP string .status.progress.secondsPerStep wide",
                "ETA string .status.progress.estimatedCompletionTime wide",
                "REASON string .status.reason wide",
            ],
            columns);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void The_definition_fits_into_the_annotation_of_a_client_side_apply(string form)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(KubectlYaml.ReadSingle(Text(form)).Root);

        Assert.InRange(json.Length, 50_000, 200_000);
        Assert.InRange(Text(form).Length, 50_000, 256 * 1024);
    }

    [Fact]
    public void The_form_without_rules_differs_by_nothing_else()
    {
        var with = KubectlYaml.ReadSingle(CrdForms.WithCel).Root;
        var without = KubectlYaml.ReadSingle(CrdForms.WithoutCel).Root;

        Assert.DoesNotContain("x-kubernetes-validations:", CrdForms.WithoutCel, StringComparison.Ordinal);
        Assert.Equal(WithoutRules(with), without.GetRawText());
        Assert.Equal(CrdForms.WithoutCel, CrdForms.StripRules(CrdForms.WithoutCel));
    }

    internal static IEnumerable<(string Path, JsonElement Node)> Nodes(JsonElement schema, string path = "")
    {
        yield return (path, schema);
        var children = new List<(string, JsonElement)>();
        if (schema.TryGetProperty("properties", out var properties))
            children.AddRange(properties.EnumerateObject().Select(p => (path.Length == 0 ? p.Name : $"{path}.{p.Name}", p.Value)));
        if (schema.TryGetProperty("items", out var items))
            children.Add((path + "[]", items));
        if (schema.TryGetProperty("additionalProperties", out var others))
            children.Add((path + ".*", others));
        foreach (var (at, child) in children)
        {
            foreach (var node in Nodes(child, at))
                yield return node;
        }
    }

    private static string Text(string form) => form == "WithCel" ? CrdForms.WithCel : CrdForms.WithoutCel;

    private static JsonElement Schema(string form) => KubectlYaml.ReadSingle(Text(form)).Root
        .GetProperty("spec").GetProperty("versions")[0].GetProperty("schema").GetProperty("openAPIV3Schema");

    private static string WithoutRules(JsonElement value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            Write(value, writer);
        using var document = JsonDocument.Parse(buffer.ToArray());
        return document.RootElement.GetRawText();

        static void Write(JsonElement value, Utf8JsonWriter writer)
        {
            if (value.ValueKind == JsonValueKind.Object)
            {
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject().Where(m => m.Name != "x-kubernetes-validations"))
                {
                    writer.WritePropertyName(member.Name);
                    Write(member.Value, writer);
                }

                writer.WriteEndObject();
            }
            else if (value.ValueKind == JsonValueKind.Array)
            {
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(item, writer);
                writer.WriteEndArray();
            }
            else
            {
                writer.WriteRawValue(value.GetRawText());
            }
        }
    }

    [GeneratedRegex("^[A-Z][A-Za-z]+: .{20,}$")]
    private static partial Regex RuleMessage();

    [GeneratedRegex("^SpecImmutable: spec[.](?<field>[A-Za-z.]+) may change only", RegexOptions.ExplicitCapture)]
    private static partial Regex ImmutableField();
}

internal static class SchemaNode
{
    public static string GetTypeOrEmpty(this JsonElement node) => node.TryGetProperty("type", out var type) ? type.GetString()! : "";
}
