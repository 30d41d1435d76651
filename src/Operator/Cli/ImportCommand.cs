using System.CommandLine;
using System.Text;
using GrpoOperator.Operator.Cli.Import;
using GrpoOperator.Operator.Cli.Script;
using GrpoOperator.Training.Ascend;
using GrpoOperator.Training.Verl;

namespace GrpoOperator.Operator.Cli;

/// <summary><c>import</c>: a verl launch script as a GrpoTrainingJob. The script is read, never run.</summary>
internal sealed class ImportCommand : Command
{
    private readonly Argument<string> file = new("file") { Description = "The launch script." };
    private readonly Option<string[]> set = new("--set") { Description = "VAR=VALUE: a variable's value, whatever the script assigns to it; 1=VALUE for its first argument. May be repeated." };
    private readonly Option<string?> home = new("--home") { Description = "What $HOME is." };
    private readonly Option<string?> image = new("--image") { Description = "The training image." };
    private readonly Option<string?> verlVersion = new("--verl-version") { Description = "verl's version in the image." };
    private readonly Option<string?> accelerator = new("--accelerator") { Description = $"The machine, by its name in the API; {ImportRequest.DefaultAccelerator} by default." };
    private readonly Option<int?> launch = new("--launch") { Description = "Which of several launches, from 1." };

    public ImportCommand()
        : base("import", "Turns a verl launch script into a GrpoTrainingJob. The script is read, not run.")
    {
        Arguments.Add(file);
        foreach (var option in new Option[] { set, home, image, verlVersion, accelerator, launch }) Options.Add(option);
        SetAction(Run);
    }

    private int Run(ParseResult result)
    {
        var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        var path = result.GetValue(file)!;
        if (Mistake(result) is { } mistake)
            return Wrong(error, mistake);
        string script;
        try
        {
            script = Text(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Wrong(error, $"{path}: {e.Message}");
        }

        var imported = ScriptImport.Run(Request(result, path, script));
        if (imported.WrongCall is { } wrong)
            return Wrong(error, wrong);
        foreach (var problem in imported.Problems)
            error.WriteLine($"{path}{(problem.Line > 0 ? $":{problem.Line}" : "")}: {problem.Text}");
        if (imported.Yaml is null)
            return ExitCodes.WrongJob;
        output.Write(imported.Yaml);
        return ExitCodes.Fine;
    }

    private ImportRequest Request(ParseResult result, string path, string script) => new(JobName.Of(path), script)
    {
        Given = (result.GetValue(set) ?? []).Select(text => text.Split('=', 2)).ToLookup(pair => pair[0], pair => pair[1], StringComparer.Ordinal)
            .ToDictionary(pairs => pairs.Key, pairs => pairs.Last(), StringComparer.Ordinal),
        Home = result.GetValue(home),
        Image = result.GetValue(image),
        VerlVersion = result.GetValue(verlVersion),
        Accelerator = result.GetValue(accelerator),
        Launch = result.GetValue(launch),
    };

    private string? Mistake(ParseResult result)
    {
        if ((result.GetValue(set) ?? []).FirstOrDefault(text => text.IndexOf('=') < 1) is { } wrong)
            return $"--set {wrong}: it is VAR=VALUE";
        if (result.GetValue(accelerator) is { } name && AcceleratorPreset.Named(name) is null)
            return $"--accelerator {name}: it is one of {string.Join(", ", AcceleratorPreset.All.Select(preset => preset.Name))}";
        return result.GetValue(verlVersion) is { } version && VerlVersion.Parse(version) is null ? $"--verl-version {version}: not a version such as 0.7.1" : null;
    }

    // One character more than a script may have is enough to refuse it; an endless file isn't read to its end.
    private static string Text(string path)
    {
        using var reader = new StreamReader(path, Encoding.UTF8);
        var buffer = new char[Budget.ScriptCharacters + 1];
        return new string(buffer, 0, reader.ReadBlock(buffer));
    }

    private static int Wrong(TextWriter error, string what)
    {
        error.WriteLine(what);
        return ExitCodes.WrongCall;
    }
}
