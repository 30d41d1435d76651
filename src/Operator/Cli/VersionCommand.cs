using System.CommandLine;
using System.Reflection;

namespace GrpoOperator.Operator.Cli;

/// <summary><c>version</c>: the operator's version and the API's.</summary>
internal sealed class VersionCommand : Command
{
    public VersionCommand()
        : base("version", "Prints the version.") =>
        SetAction(_ =>
        {
            Console.WriteLine($"grpo-operator {Version} ({Crds.V1alpha1GrpoTrainingJob.KubeGroupVersion})");
            return ExitCodes.Fine;
        });

    private static string Version =>
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
