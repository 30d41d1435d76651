using System.CommandLine;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.Cli;

/// <summary>
/// The options by which an administrator allows pods of jobs more than the restricted profile. The commands without a
/// cluster take the same ones: they can't ask what a cluster's operator was started with.
/// </summary>
internal sealed class AllowedPodOptions
{
    private static readonly AllowedPodFields ByDefault = new();

    private readonly Option<string[]> hostPaths = Separated("--allow-host-paths", "Host paths that jobs may mount read-only.");
    private readonly Option<bool> hostNetwork = new("--allow-host-network") { Description = "Whether jobs may use the host's network." };
    private readonly Option<string[]> capabilities = Separated("--allow-capabilities", "Capabilities that jobs' containers may add.");
    private readonly Option<bool> runAsRoot = new("--allow-run-as-root") { Description = "Whether jobs' containers may run as root.", DefaultValueFactory = _ => ByDefault.RunAsRoot };
    private readonly Option<string[]> serviceAccounts = Separated("--allow-service-accounts", "Service accounts that jobs' pods may use.");
    private readonly Option<bool> privileged = new("--allow-privileged") { Description = "Whether jobs' containers may be privileged." };
    private readonly Option<bool> setup = new("--allow-setup") { Description = "Whether jobs may use launch.setup.", DefaultValueFactory = _ => ByDefault.Setup };

    /// <summary>All of them, in the order in which they are told.</summary>
    public IReadOnlyList<Option> All => [hostPaths, hostNetwork, capabilities, runAsRoot, serviceAccounts, privileged, setup];

    /// <summary>What a command line allows.</summary>
    public AllowedPodFields Read(ParseResult result) => new()
    {
        HostPaths = result.GetValue(hostPaths) ?? [],
        HostNetwork = result.GetValue(hostNetwork),
        Capabilities = result.GetValue(capabilities) ?? [],
        RunAsRoot = result.GetValue(runAsRoot),
        ServiceAccounts = result.GetValue(serviceAccounts) ?? [],
        Privileged = result.GetValue(privileged),
        Setup = result.GetValue(setup),
    };

    /// <summary>An option whose value is a list, separated by commas.</summary>
    public static Option<string[]> Separated(string name, string description) => new(name)
    {
        Description = description + " Separated by commas.",
        CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
    };
}
