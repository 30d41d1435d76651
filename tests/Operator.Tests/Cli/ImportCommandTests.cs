using GrpoOperator.Crds.Yaml;
using GrpoOperator.Operator.Cli;
using GrpoOperator.Operator.Tests.Cli.Import;
using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Operator.Tests.Cli;

/// <summary>The command around the import: options, streams, exit codes, and what the other commands say of its job.</summary>
public sealed class ImportCommandTests
{
    [Fact]
    public async Task A_script_is_printed_as_a_job()
    {
        var call = await ImportAsync(Launches.With("a=$HOME \"b='$x'\" c=$1"), "--home", "/h", "--set", "x=y=z", "--set", "1=one", "--image", "i", "--accelerator", "atlas-800t-a2", "--verl-version", "0.7.1", "--launch", "1");
        Assert.Equal((ExitCodes.Fine, ""), (call.Code, call.Error));
        foreach (var part in new[] { "  name: script\n", "image: i\n", "verlVersion: \"0.7.1\"\n", "accelerator: atlas-800t-a2\n", "a=/h", "b='y=z'", "c=one" })
            Assert.Contains(part, call.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_cant_be_imported_is_told_by_line_and_prints_no_job()
    {
        var call = await ImportAsync(Launches.With("a=$(date)"));
        Assert.Equal((ExitCodes.WrongJob, ""), (call.Code, call.Output));
        Assert.Contains("script.sh:2: $(date) is known only", call.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--set", "x")]
    [InlineData("--set", "=x")]
    [InlineData("--set", "nowhere=x")]
    [InlineData("--launch", "2")]
    [InlineData("--accelerator", "atlas")]
    [InlineData("--verl-version", "new")]
    public async Task A_wrong_call_is_told_apart(string option, string value)
    {
        var call = await ImportAsync(Launches.With("a=1"), option, value);
        Assert.Equal((ExitCodes.WrongCall, ""), (call.Code, call.Output));
        Assert.Contains(option, call.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_isnt_there_is_a_wrong_call()
    {
        var call = await Call.Of("import", "/nowhere/x.sh");
        Assert.Equal(ExitCodes.WrongCall, call.Code);
        Assert.Contains("/nowhere/x.sh", call.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_placeholders_are_refused_and_the_filled_job_renders_the_scripts_arguments()
    {
        var job = (await Call.Of("import", RepositoryTree.Script("published-30b"))).Output;
        var refused = await Call.WithInput(job, "validate", "-f", "-");
        Assert.Equal(ExitCodes.WrongJob, refused.Code);
        Assert.Contains("spec.image must not be empty", refused.Output, StringComparison.Ordinal);
        job = job.Replace("image: \"\"", "image: i", StringComparison.Ordinal);
        refused = await Call.WithInput(job, "validate", "-f", "-");
        Assert.Equal(ExitCodes.WrongJob, refused.Code);
        Assert.Contains("UnknownVolume", refused.Output, StringComparison.Ordinal);

        job = job.Replace("volumes: []", "volumes: [{name: data, persistentVolumeClaim: {claimName: d}}, {name: weight, persistentVolumeClaim: {claimName: w}}]", StringComparison.Ordinal);
        var rendered = await Call.WithInput(job, "render", "-f", "-");
        Assert.Equal(ExitCodes.Fine, rendered.Code);
        var launch = KubectlYaml.Read(rendered.Output).Single(document => document.Root.GetProperty("kind").GetString() == "ConfigMap");
        var arguments = launch.Root.GetProperty("data").GetProperty("args").GetString()!.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var imported = Imported.Of(await File.ReadAllTextAsync(RepositoryTree.Script("published-30b"), TestContext.Current.CancellationToken));
        Assert.Equal(62, arguments.Length);
        Assert.Equal(imported.Arguments.Order(StringComparer.Ordinal), arguments.Order(StringComparer.Ordinal), ArgumentComparer.Instance);
    }

    private static async Task<Call> ImportAsync(string script, params string[] options)
    {
        using var folder = new TemporaryFolder();
        return await Call.Of(["import", folder.Write("script.sh", script), .. options]);
    }
}
