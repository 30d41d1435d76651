using System.CommandLine;
using GrpoOperator.Operator.Cli;
using GrpoOperator.Operator.Tests.Cli.Import;

namespace GrpoOperator.Operator.Tests.Cli;

/// <summary>The command around the import: options, streams, exit codes.</summary>
public sealed class ImportCommandTests
{
    [Fact]
    public async Task A_script_is_printed_as_a_job()
    {
        var (code, output, error) = await RunAsync(Launches.With("a=$HOME \"b='$x'\" c=$1"), "--home", "/h", "--set", "x=y=z", "--set", "1=one", "--image", "i", "--accelerator", "atlas-800t-a2", "--verl-version", "0.7.1", "--launch", "1");
        Assert.Equal((ExitCodes.Fine, ""), (code, error));
        foreach (var part in new[] { "  name: script\n", "image: i\n", "verlVersion: \"0.7.1\"\n", "accelerator: atlas-800t-a2\n", "a=/h", "b='y=z'", "c=one" })
            Assert.Contains(part, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_cant_be_imported_is_told_by_line_and_prints_no_job()
    {
        var (code, output, error) = await RunAsync(Launches.With("a=$(date)"));
        Assert.Equal((ExitCodes.WrongJob, ""), (code, output));
        Assert.Contains("script.sh:2: $(date) is known only", error, StringComparison.Ordinal);
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
        var (code, output, error) = await RunAsync(Launches.With("a=1"), option, value);
        Assert.Equal((ExitCodes.WrongCall, ""), (code, output));
        Assert.Contains(option, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_isnt_there_is_a_wrong_call()
    {
        await using var error = new StringWriter();
        Assert.Equal(ExitCodes.WrongCall, await new ImportCommand().Parse(["/nowhere/x.sh"]).InvokeAsync(new InvocationConfiguration { Error = error }, TestContext.Current.CancellationToken));
        Assert.Contains("/nowhere/x.sh", error.ToString(), StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string script, params string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("import-");
        try
        {
            var file = Path.Combine(folder.FullName, "script.sh");
            await File.WriteAllTextAsync(file, script, TestContext.Current.CancellationToken);
            await using var output = new StringWriter();
            await using var error = new StringWriter();
            var code = await new ImportCommand().Parse([file, .. options]).InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, TestContext.Current.CancellationToken);
            return (code, output.ToString(), error.ToString());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
