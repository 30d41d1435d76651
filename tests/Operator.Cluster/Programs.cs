using System.Diagnostics;
using System.Text;

namespace GrpoOperator.Operator.Cluster;

/// <summary>Programs of the machine that tests call.</summary>
internal static class Programs
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote to its output.</returns>
    /// <exception cref="ProgramFailedException">It ended with another code than 0.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, string? input = null)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        using var patience = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var error = process.StandardError.ReadToEndAsync(patience.Token);
        if (input is not null) await process.StandardInput.WriteAsync(new StringBuilder(input), patience.Token);
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new ProgramFailedException($"{program} {string.Join(' ', start.ArgumentList)} did not end in {Patience}", exitCode: -1);
        }

        return process.ExitCode == 0
            ? await output
            : throw new ProgramFailedException($"{program} {string.Join(' ', start.ArgumentList)}: exit code {process.ExitCode}\n{await output}{await error}", process.ExitCode);
    }
}

/// <summary>A program ended with another code than 0; the message holds what it wrote.</summary>
internal sealed class ProgramFailedException(string message, int exitCode) : Exception(message)
{
    public int ExitCode => exitCode;
}
