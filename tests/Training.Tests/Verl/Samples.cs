using System.Text.Json;
using GrpoOperator.Crds;
using GrpoOperator.Crds.Yaml;
using GrpoOperator.Training.Ascend;
using GrpoOperator.Training.Verl;

namespace GrpoOperator.Training.Tests.Verl;

/// <summary>The samples of the repository, and jobs made from them.</summary>
internal static class Samples
{
    public const string Namespace = "team-a";

    public static IEnumerable<string> Names { get; } =
        [.. Directory.GetFiles(TestFiles.PathOf("config", "samples"), "*.yaml").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    public static JsonElement Json(string name) => Read(File.ReadAllText(TestFiles.PathOf("config", "samples", $"{name}.yaml")));

    public static V1alpha1GrpoTrainingJob Job(string name) => Json(name).Deserialize(CrdJsonContext.Default.V1alpha1GrpoTrainingJob)!;

    /// <summary>A sample's spec with other text merged over it: a JSON merge patch, written in YAML.</summary>
    public static GrpoTrainingJobSpec Spec(string name, string patch = "{}") =>
        MergePatch.Apply(Json(name).GetProperty("spec"), Read(patch)).Deserialize(CrdJsonContext.Default.GrpoTrainingJobSpec)!;

    public static IReadOnlyList<string> Arguments(GrpoTrainingJobSpec spec, ResumeArgument resume = ResumeArgument.First) =>
        Training.Verl.Arguments.For(spec, Namespace, "job", JobShape.Of(spec), resume);

    private static JsonElement Read(string yaml) => KubectlYaml.ReadSingle(yaml).Root;
}
