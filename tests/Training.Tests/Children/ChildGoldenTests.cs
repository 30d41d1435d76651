using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrpoOperator.Training.Tests.Verl;

namespace GrpoOperator.Training.Tests.Children;

/// <summary>Every child of every sample and variant, as files that a reviewer reads. <c>UPDATE_GOLDEN=1</c> writes them anew.</summary>
public sealed class ChildGoldenTests
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Names => [.. ChildSamples.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Children_are_as_recorded(string name)
    {
        var folder = TestFiles.PathOf("tests", "Training.Tests", "Children", "Golden", name);
        var update = Environment.GetEnvironmentVariable("UPDATE_GOLDEN") is "1";
        var children = ChildSamples.Children(ChildSamples.Context(name)).ToDictionary(c => $"{c.Kind}.json", c => Text(c.Kind, c.Child), StringComparer.Ordinal);
        if (update)
        {
            Directory.CreateDirectory(folder);
            foreach (var old in Directory.GetFiles(folder))
                File.Delete(old);
            foreach (var (file, text) in children)
                File.WriteAllText(Path.Combine(folder, file), text);
        }

        Assert.True(Directory.Exists(folder), $"{folder} is missing: run the tests once with UPDATE_GOLDEN=1 and look at what they write");
        Assert.Equal(children.Keys.Order(), Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        Assert.All(children, c => Assert.Equal(File.ReadAllText(Path.Combine(folder, c.Key)), c.Value));
    }

    // The launcher has tests of its own; what it is made of would change these files with each of its commits.
    private static string Text(ChildKind kind, JsonObject child)
    {
        if (kind == ChildKind.LaunchConfig)
        {
            var data = child["data"]!;
            child["metadata"]!["annotations"]![Labels.ContentHash] = "…";
            child["binaryData"]!["launcher.pyz.gz"] = "…";
            data["launch.sh"] = "…";
            data["job.json"] = JsonNode.Parse((string)data["job.json"]!);
            foreach (var list in (string[])["args", "args-resume"])
            {
                if (data[list] is { } lines)
                    data[list] = new JsonArray([.. ((string)lines!).TrimEnd('\n').Split('\n').Select(line => (JsonNode)line)]);
            }
        }

        return child.ToJsonString(Readable) + "\n";
    }
}
