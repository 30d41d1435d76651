namespace GrpoOperator.Operator.Cli.Script;

/// <summary>Programs that stand at the front of a launch.</summary>
internal static class Programs
{
    /// <summary>Programs that start the one that their arguments name, in the same machine and environment.</summary>
    private static readonly HashSet<string> Starters = new(StringComparer.Ordinal)
    {
        "nohup", "exec", "time", "command", "env", "setsid", "stdbuf", "nice", "ionice", "numactl", "taskset", "timeout", "sudo", "uv", "conda", "unbuffer",
    };

    /// <summary>Programs that are given a command as text, or for another machine.</summary>
    private static readonly HashSet<string> Shells = new(StringComparer.Ordinal)
    {
        "bash", "sh", "eval", "ssh", "docker", "podman", "srun", "kubectl", "torchrun", "accelerate", "xargs", "pdsh", "parallel", "su",
    };

    /// <summary>True for <c>python</c>, <c>python3</c>, <c>/usr/bin/python3.11</c>.</summary>
    public static bool IsPython(string text) => Name(text) is var name && name.StartsWith("python", StringComparison.Ordinal)
        && name.Skip("python".Length).All(character => char.IsAsciiDigit(character) || character == '.');

    /// <summary>True for programs that start another one in place.</summary>
    public static bool Starts(string text) => Starters.Contains(Name(text));

    /// <summary>True for programs whose command isn't words of the script.</summary>
    public static bool TakesText(string text) => Shells.Contains(Name(text));

    private static string Name(string text) => text[(text.LastIndexOf('/') + 1)..];
}
