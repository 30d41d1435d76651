using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GrpoOperator.Crds.Schema;
using GrpoOperator.Crds.Yaml;

namespace GrpoOperator.Crds.Tests.Agreement;

/// <summary>What a user copies first must fit the schema to the letter and lose nothing in the model.</summary>
public sealed class SampleTests
{
    private static readonly JsonSerializerOptions Strict = new(CrdJsonContext.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static TheoryData<string> Samples => [.. Directory.GetFiles(Path.Combine(Root(), "config", "samples"), "*.yaml").Select(p => Path.GetFileName(p)!)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_fits_and_loses_nothing(string file)
    {
        var sample = KubectlYaml.ReadSingle(File.ReadAllText(Path.Combine(Root(), "config", "samples", file))).Root;
        var job = sample.Deserialize<V1alpha1GrpoTrainingJob>(Strict)!;

        Assert.Equal([], CrdSchema.Check(sample));
        AssertKept(JsonObject.Create(sample)!["spec"]!, JsonSerializer.SerializeToNode(job.Spec, CrdJsonContext.Default.GrpoTrainingJobSpec)!, "spec");
    }

    // The model adds defaults; what the sample says must stand there unchanged.
    private static void AssertKept(JsonNode said, JsonNode? kept, string path)
    {
        if (said is not JsonObject map)
        {
            Assert.True(JsonNode.DeepEquals(said, kept), $"{path} was {said.ToJsonString()} and became {kept?.ToJsonString()}");
            return;
        }

        foreach (var (name, value) in map)
            AssertKept(value!, kept?[name], $"{path}.{name}");
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Operator.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("no Operator.sln above the tests");
        return folder;
    }
}
