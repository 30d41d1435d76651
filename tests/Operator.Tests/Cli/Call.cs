using System.Text;
using GrpoOperator.Operator.Cli;

namespace GrpoOperator.Operator.Tests.Cli;

/// <summary>A call of the command line and what it answered.</summary>
internal sealed record Call(int Code, string Output, string Error)
{
    /// <summary>The lines of the output.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static Task<Call> Of(params string[] arguments) => WithInput("", arguments);

    public static Task<Call> WithInput(string input, params string[] arguments) => WithInput(Encoding.UTF8.GetBytes(input), arguments);

    public static async Task<Call> WithInput(byte[] input, params string[] arguments)
    {
        await using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        var code = await OperatorCommandLine.RunAsync(arguments, new CommandStreams(() => new MemoryStream(input), output, error));
        return new Call(code, output.ToString(), error.ToString());
    }
}
