using System.Text.Json;
using GrpoOperator.Crds;
using GrpoOperator.Crds.Yaml;
using GrpoOperator.Operator.Cli.Import;
using GrpoOperator.Training.Ascend;
using GrpoOperator.Training.Verl;
using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Operator.Tests.Cli.Import;

/// <summary>A script's import, read back from its YAML.</summary>
internal sealed class Imported
{
    private Imported(string yaml)
    {
        Yaml = yaml;
        Spec = KubectlYaml.ReadSingle(yaml).Root.GetProperty("spec").Deserialize(CrdJsonContext.Default.GrpoTrainingJobSpec)!;
    }

    public string Yaml { get; }

    public GrpoTrainingJobSpec Spec { get; }

    public IReadOnlyList<string> Arguments => Training.Verl.Arguments.For(Spec, "somewhere", "job", JobShape.Of(Spec), ResumeArgument.First);

    /// <summary>The variables, as Kubernetes would hand them over.</summary>
    public IReadOnlyDictionary<string, string> Env => (Spec.Env ?? [])
        .ToDictionary(item => item.GetProperty("name").GetString()!, item => item.GetProperty("value").GetString()!.Replace("$$", "$", StringComparison.Ordinal), StringComparer.Ordinal);

    public static ImportResult Result(string script, ImportRequest? request = null) =>
        ScriptImport.Run((request ?? new ImportRequest("job", "")) with { Script = script });

    public static Imported Of(string script, ImportRequest? request = null)
    {
        var result = Result(script, request);
        Assert.True(result.Yaml is not null, string.Join('\n', result.Problems) + result.WrongCall);
        return new Imported(result.Yaml);
    }

    public static IReadOnlyList<string> Refusals(string script, ImportRequest? request = null)
    {
        var result = Result(script, request);
        Assert.Null(result.Yaml);
        return [.. result.Problems.Select(problem => $"{problem.Line}: {problem.Text}")];
    }

    public void HasArguments(IEnumerable<string> expected)
    {
        var (made, wanted) = (Set(Arguments), Set(expected));
        Assert.DoesNotContain(wanted, text => !made.Contains(text));
        Assert.DoesNotContain(made, text => !wanted.Contains(text));
    }

    private static HashSet<string> Set(IEnumerable<string> arguments) => new(arguments, ArgumentComparer.Instance);
}
