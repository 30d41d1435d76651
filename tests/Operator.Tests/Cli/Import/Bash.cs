using System.Diagnostics;

namespace GrpoOperator.Operator.Tests.Cli.Import;

/// <summary>
/// Runs a script of the tests' own with bash, where python3, ray and their like are replaced by one program that notes what
/// it gets: what the import should have found by reading.
/// </summary>
internal static class Bash
{
    private const string Recorder = """
        #!/bin/bash
        if [ "$(basename "$0")" = ray ]; then
            if [ "$1 $2" != "job submit" ]; then exit 0; fi
            while [ $# -gt 0 ] && [ "$1" != python3 ]; do shift; done
            shift
        fi
        printf '%s\0' "$@" > "$RECORDED"
        """;

    /// <summary>The arguments that the script gives to Python.</summary>
    public static async Task<IReadOnlyList<string>> ArgumentsOf(string script, string home = "/home/me", params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("import-");
        try
        {
            foreach (var name in new[] { "python3", "python", "ray" })
            {
                var path = Path.Combine(folder.FullName, name);
                await File.WriteAllTextAsync(path, Recorder);
                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }

            var file = Path.Combine(folder.FullName, "script.sh");
            var recorded = Path.Combine(folder.FullName, "recorded");
            await File.WriteAllTextAsync(file, script);
            var start = new ProcessStartInfo("/bin/bash", [file, .. arguments]) { WorkingDirectory = folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            start.Environment.Clear();
            start.Environment["PATH"] = $"{folder.FullName}:/usr/bin:/bin";
            start.Environment["HOME"] = home;
            start.Environment["RECORDED"] = recorded;
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = await process.StandardError.ReadToEndAsync();
            await output;
            await process.WaitForExitAsync();
            Assert.True(File.Exists(recorded), $"bash started no Python: {error}");
            return (await File.ReadAllTextAsync(recorded)).Split('\0')[..^1];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
