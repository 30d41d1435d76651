using System.Diagnostics;
using System.Text;
using GrpoOperator.Crds.Yaml;

namespace GrpoOperator.Chart.Tests;

/// <summary>What a helm command said.</summary>
internal sealed record HelmResult(int ExitCode, string Output, string Error);

/// <summary>The real helm, on the chart in the tree.</summary>
internal static class Helm
{
    /// <summary>The oldest server that is supported, and a current one.</summary>
    public const string Oldest = "1.20.2";

    public const string Newest = "1.36.0";

    private static readonly string? Program = FindProgram();

    public static HelmResult Run(params string[] arguments)
    {
        Assert.SkipWhen(Program is null, "helm is not on this machine; hack/test brings it");
        var start = new ProcessStartInfo(Program!, arguments)
        {
            WorkingDirectory = Tree.Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = new StringBuilder();
        process.ErrorDataReceived += (_, line) => error.AppendLine(line.Data);
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, error.ToString());
    }

    /// <summary>The chart's objects for a server's version; values as helm's <c>--set-json</c> takes them.</summary>
    public static Manifests Template(string version, params string[] values)
    {
        var result = TryTemplate(version, values);
        Assert.True(result.ExitCode == 0, result.Error);
        return new([.. KubectlYaml.Read(result.Output).Select(document => document.Root)]);
    }

    public static HelmResult TryTemplate(string version, params string[] values) => Run(
        ["template", "grpo-operator", Tree.Chart, "--namespace", "grpo-system", "--kube-version", version,
            .. values.SelectMany(value => new[] { "--set-json", value })]);

    private static string? FindProgram()
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return path.Split(Path.PathSeparator).Prepend(Path.Combine(Tree.Root, "artifacts", "tools"))
            .Select(folder => Path.Combine(folder, "helm"))
            .FirstOrDefault(File.Exists);
    }
}
