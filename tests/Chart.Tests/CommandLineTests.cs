using System.CommandLine;
using System.Text.RegularExpressions;
using GrpoOperator.Operator.Cli;
using GrpoOperator.Operator.Hosting;
using Microsoft.Extensions.Logging;

namespace GrpoOperator.Chart.Tests;

/// <summary>What the chart writes, read by the operator's own command: a flag that it doesn't know would keep it from starting.</summary>
public sealed partial class CommandLineTests
{
    // Every value that a flag is made of, none of them as it is by default.
    private static readonly string[] Everything =
    [
        "logLevel=\"Debug\"", "metrics.port=9090", "watchNamespaces=[\"a\",\"b\"]", "nodeAccess=false", "networkPolicy=false", "volcano.podGroups=true",
        "leaderElection={\"leaseDuration\":30,\"renewDeadline\":20,\"retryPeriod\":3}",
        "allowed={\"hostPaths\":[\"/usr/local/Ascend\",\"/etc/x\"],\"hostNetwork\":true,\"capabilities\":[\"IPC_LOCK\",\"SYS_NICE\"],\"runAsRoot\":false,"
            + "\"serviceAccounts\":[\"reader\",\"writer\"],\"privileged\":true,\"setup\":false}",
    ];

    [Fact]
    public void EveryFlagThatTheChartCanWriteIsTried()
    {
        var written = Helm.Template(Helm.Newest, Everything).Arguments().Select(argument => argument.Split('=')[0]).Where(argument => argument.StartsWith('-'));
        var inTemplate = Flag().Matches(Tree.ReadChart("templates/_args.tpl")).Select(match => match.Groups["flag"].Value);
        Assert.Equal(inTemplate.Order(StringComparer.Ordinal), written.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void TheDefaultsAreTheOperatorsOwnButForNodesAndTheLeasesPlace() =>
        AssertSame(new OperatorOptions { LeaseNamespace = "grpo-system", NodeAccess = true }, Read());

    [Fact]
    public void EveryValueReachesTheOperator() => AssertSame(
        new OperatorOptions
        {
            LogLevel = LogLevel.Debug,
            MetricsPort = 9090,
            Namespaces = ["a", "b"],
            LeaseNamespace = "grpo-system",
            LeaseDuration = 30,
            RenewDeadline = 20,
            RetryPeriod = 3,
            NodeAccess = false,
            NetworkPolicy = false,
            VolcanoPodGroups = true,
            Allowed = new()
            {
                HostPaths = ["/usr/local/Ascend", "/etc/x"],
                HostNetwork = true,
                Capabilities = ["IPC_LOCK", "SYS_NICE"],
                RunAsRoot = false,
                ServiceAccounts = ["reader", "writer"],
                Privileged = true,
                Setup = false,
            },
        },
        Read(Everything));

    private static OperatorOptions Read(params string[] values)
    {
        var run = new RunCommand();
        var parsed = new RootCommand { run }.Parse(Helm.Template(Helm.Newest, values).Arguments());
        Assert.Empty(parsed.Errors);
        Assert.Same(run, parsed.CommandResult.Command);
        var options = run.Read(parsed);
        Assert.Empty(options.Problems());
        return options;
    }

    // Records compare their lists by reference, so members are compared.
    private static void AssertSame(OperatorOptions expected, OperatorOptions actual) => Assert.Equivalent(expected, actual, strict: true);

    [GeneratedRegex("^- (?<flag>--[a-z-]+)=", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Flag();
}
