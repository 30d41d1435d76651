using System.CommandLine;

namespace GrpoOperator.Operator.Cli;

/// <summary>The whole command line. <c>grpo-operator</c> alone runs the operator; the other commands need no cluster.</summary>
internal static class OperatorCommandLine
{
    /// <summary>Runs what the arguments say.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, CommandStreams streams)
    {
        var root = new RootCommand("Runs verl GRPO training on Ascend NPUs in Kubernetes.")
        {
            new RunCommand(),
            new ValidateCommand(streams.Input),
            new RenderCommand(streams.Input),
            new ImportCommand(),
            new VersionCommand(),
        };
        var parsed = root.Parse(IsRun(arguments) ? ["run", .. arguments] : arguments);
        if (parsed.Errors.Count == 0)
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = streams.Output, Error = streams.Error });
        foreach (var error in parsed.Errors) await streams.Error.WriteLineAsync(error.Message);
        return ExitCodes.WrongCall;
    }

    private static bool IsRun(string[] arguments) =>
        arguments.Length == 0 || (arguments[0].StartsWith("--", StringComparison.Ordinal) && arguments[0] is not ("--help" or "--version"));
}
