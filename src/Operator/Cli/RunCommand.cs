using System.CommandLine;
using GrpoOperator.Operator.Hosting;

namespace GrpoOperator.Operator.Cli;

/// <summary><c>run</c>, the default: the operator itself.</summary>
internal sealed class RunCommand : Command
{
    private static readonly OperatorOptions ByDefault = new();

    private readonly Option<string[]> namespaces = AllowedPodOptions.Separated("--namespaces", "Namespaces to look after; all by default.");
    private readonly Option<LogLevel> logLevel = new("--log-level") { Description = "Trace, Debug, Information, Warning, Error or Critical.", DefaultValueFactory = _ => ByDefault.LogLevel };
    private readonly Option<int> metricsPort = new("--metrics-port") { Description = "Port of /metrics, /healthz and /readyz.", DefaultValueFactory = _ => ByDefault.MetricsPort };
    private readonly Option<bool> leaderElect = new("--leader-elect") { Description = "Whether a lease decides which replica acts.", DefaultValueFactory = _ => ByDefault.LeaderElect };
    private readonly Option<string?> leaseNamespace = new("--lease-namespace") { Description = "Namespace of the lease; the pod's own by default." };
    private readonly Option<string> leaseName = new("--lease-name") { Description = "Name of the lease.", DefaultValueFactory = _ => ByDefault.LeaseName };
    private readonly Option<int> leaseDuration = Seconds("--lease-duration", "Another replica may take a lease that was not renewed for this long.", ByDefault.LeaseDuration);
    private readonly Option<int> renewDeadline = Seconds("--renew-deadline", "A leader that could not renew for this long stops writing.", ByDefault.RenewDeadline);
    private readonly Option<int> retryPeriod = Seconds("--retry-period", "Time between renewals.", ByDefault.RetryPeriod);
    private readonly Option<bool> nodeAccess = new("--node-access") { Description = "Whether nodes may be read." };
    private readonly Option<bool> networkPolicy = new("--network-policy") { Description = "Whether each job gets a NetworkPolicy.", DefaultValueFactory = _ => ByDefault.NetworkPolicy };
    private readonly Option<bool> volcanoPodGroups = new("--volcano-pod-groups") { Description = "Whether gangs of Volcano get a PodGroup of the operator's own; needed before Volcano 1.12." };
    private readonly AllowedPodOptions allowed = new();
    private readonly Option<bool> testing = new("--testing") { Description = "Allows options that only tests use.", Hidden = true };
    private readonly Option<double> timeScale = new("--time-scale") { Description = "Factor for every wait.", Hidden = true, DefaultValueFactory = _ => ByDefault.TimeScale };

    public RunCommand()
        : base("run", "Runs the operator.")
    {
        foreach (var option in new Option[]
        {
            namespaces, logLevel, metricsPort, leaderElect, leaseNamespace, leaseName, leaseDuration, renewDeadline, retryPeriod, nodeAccess, networkPolicy, volcanoPodGroups,
        }.Concat(allowed.All).Concat([testing, timeScale]))
        {
            Options.Add(option);
        }

        SetAction(async (result, cancellationToken) =>
        {
            var options = Read(result);
            string[] problems = [.. options.Problems(), .. result.GetValue(timeScale) != 1 && !result.GetValue(testing) ? ["--time-scale: only together with --testing"] : Array.Empty<string>()];
            foreach (var problem in problems) await Console.Error.WriteLineAsync(problem);
            return problems.Length > 0 ? ExitCodes.WrongCall : await OperatorApp.RunAsync(options, cancellationToken);
        });
    }

    /// <summary>The options that a command line gives.</summary>
    public OperatorOptions Read(ParseResult result) => new()
    {
        Namespaces = result.GetValue(namespaces) ?? [],
        LogLevel = result.GetValue(logLevel),
        MetricsPort = result.GetValue(metricsPort),
        LeaderElect = result.GetValue(leaderElect),
        LeaseNamespace = result.GetValue(leaseNamespace),
        LeaseName = result.GetValue(leaseName)!,
        LeaseDuration = result.GetValue(leaseDuration),
        RenewDeadline = result.GetValue(renewDeadline),
        RetryPeriod = result.GetValue(retryPeriod),
        NodeAccess = result.GetValue(nodeAccess),
        NetworkPolicy = result.GetValue(networkPolicy),
        VolcanoPodGroups = result.GetValue(volcanoPodGroups),
        Allowed = allowed.Read(result),
        TimeScale = result.GetValue(timeScale),
    };

    private static Option<int> Seconds(string name, string description, int value) => new(name) { Description = description + " In seconds.", DefaultValueFactory = _ => value };
}
