using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace GrpoOperator.Operator.Cluster;

/// <summary>The operator as a process of its own, with the rights that the chart gives it, for one namespace.</summary>
internal sealed class OperatorProcess : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<string>> Logs = new(StringComparer.Ordinal);

    private readonly Process process;
    private readonly ConcurrentQueue<string> log;

    private OperatorProcess(Process process, ConcurrentQueue<string> log, int metricsPort)
    {
        this.process = process;
        this.log = log;
        MetricsPort = metricsPort;
    }

    /// <summary>Port of /metrics and /readyz on this machine.</summary>
    public int MetricsPort { get; }

    /// <summary>Whether this process holds the lease, as its own log says.</summary>
    public bool Leads => log.Any(line => line.Contains("leads by lease", StringComparison.Ordinal));

    /// <summary>Starts an operator and waits until it is ready; it may be a standby.</summary>
    /// <param name="namespace">The namespace that it looks after.</param>
    /// <param name="identity">Its name in the lease.</param>
    /// <param name="timeScale">Factor for its waits.</param>
    /// <param name="kubeconfig">How it reaches the API server; null: as the namespace's operator.</param>
    /// <param name="arguments">Further arguments.</param>
    public static async Task<OperatorProcess> StartAsync(TestNamespace @namespace, string identity = "operator-1", double timeScale = 1, string? kubeconfig = null, params string[] arguments)
    {
        kubeconfig ??= await @namespace.OperatorKubeconfigAsync();
        var port = FreePort();
        string[] command =
        [
            "run", "--namespaces", @namespace.Name, "--lease-namespace", @namespace.Name, "--metrics-port", $"{port}",
            "--testing", "--time-scale", timeScale.ToString(CultureInfo.InvariantCulture), .. arguments,
        ];
        // A published binary where one is given, else the build that these tests were made with.
        var binary = Environment.GetEnvironmentVariable("GRPO_TEST_OPERATOR");
        var start = binary is null
            ? new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "grpo-operator.dll"), .. command])
            : new ProcessStartInfo(binary, command);
        start.UseShellExecute = false;
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["KUBECONFIG"] = kubeconfig;
        start.Environment["POD_NAME"] = identity;
        var lines = Logs[$"{@namespace.Name}/{identity}"] = new ConcurrentQueue<string>();
        var program = new Process { StartInfo = start };
        program.OutputDataReceived += (_, line) => Note(lines, line.Data);
        program.ErrorDataReceived += (_, line) => Note(lines, line.Data);
        program.Start();
        program.BeginOutputReadLine();
        program.BeginErrorReadLine();
        var started = new OperatorProcess(program, lines, port);
        try
        {
            await started.IsReadyAsync();
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>The last lines of all operators of a namespace.</summary>
    public static string LogsOf(string @namespace) => string.Join('\n', Logs
        .Where(pair => pair.Key.StartsWith(@namespace + "/", StringComparison.Ordinal))
        .Select(pair => $"--- {pair.Key}\n{string.Join('\n', pair.Value.TakeLast(30))}"));

    /// <summary>SIGSTOP: it stands still, and doesn't know it.</summary>
    public Task PauseAsync() => Programs.RunAsync("kill", ["-STOP", $"{process.Id}"]);

    /// <summary>SIGCONT.</summary>
    public Task GoOnAsync() => Programs.RunAsync("kill", ["-CONT", $"{process.Id}"]);

    /// <summary>Waits until it ends by itself.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="TimeoutException">It still runs.</exception>
    public async Task<int> EndsAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken).WaitAsync(within, cancellationToken);
        return process.ExitCode;
    }

    /// <summary>The memory that it holds, in bytes.</summary>
    public async Task<long> ResidentAsync()
    {
        var lines = await File.ReadAllLinesAsync($"/proc/{process.Id}/status");
        var kilobytes = lines.Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return long.Parse(kilobytes, CultureInfo.InvariantCulture) << 10;
    }

    /// <summary>SIGKILL: nothing is said, given back or finished.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            // It may be paused, by a test that broke off.
            await GoOnAsync();
            // SIGTERM by the shell: .NET has only SIGKILL.
            await Programs.RunAsync("kill", ["-TERM", $"{process.Id}"]);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                await KillAsync();
            }
        }

        process.Dispose();
    }

    private static void Note(ConcurrentQueue<string> log, string? line)
    {
        if (line is not null) log.Enqueue(line);
    }

    private async Task IsReadyAsync()
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        await Eventually.BeTrueAsync(
            async () =>
            {
                Assert.False(process.HasExited, $"the operator ended with {(process.HasExited ? process.ExitCode : 0)}:\n{string.Join('\n', log)}");
                try
                {
                    using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{MetricsPort}/readyz"), TestContext.Current.CancellationToken);
                    return answer.IsSuccessStatusCode;
                }
                catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(120), "the operator is ready", () => Task.FromResult(string.Join('\n', log)));
    }

    /// <summary>A port of this machine that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
