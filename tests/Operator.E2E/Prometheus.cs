using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.E2E;

/// <summary>A real Prometheus that scrapes one operator every second; what it stored goes with it.</summary>
internal sealed class Prometheus : IAsyncDisposable
{
    private readonly Process process;
    private readonly string folder;
    private readonly HttpClient http;

    private Prometheus(Process process, string folder, int port)
    {
        this.process = process;
        this.folder = folder;
        http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = TimeSpan.FromSeconds(10) };
    }

    public static async Task<Prometheus> StartAsync(int operatorPort)
    {
        const string Find = "export GRPO_LIB=$1; for part in log cache packages prometheus; do . \"$GRPO_LIB/$part.sh\"; done; prometheus_programs";
        var programs = (await Programs.RunAsync("bash", ["-c", Find, "bash", RepositoryFiles.PathOf("hack", "lib")])).Trim();
        var work = Directory.CreateTempSubdirectory("prometheus-").FullName;
        await File.WriteAllTextAsync(Path.Combine(work, "prometheus.yml"), $$"""
            global: {scrape_interval: 1s, scrape_timeout: 1s}
            scrape_configs:
            - job_name: grpo-operator
              honor_labels: true
              static_configs: [{targets: ["127.0.0.1:{{operatorPort}}"]}]
            """);
        var port = OperatorProcess.FreePort();
        var start = new ProcessStartInfo(Path.Combine(programs, "prometheus"),
            [$"--config.file={work}/prometheus.yml", $"--storage.tsdb.path={work}/data", "--log.level=error", $"--web.listen-address=127.0.0.1:{port}"])
        { UseShellExecute = false };
        return new Prometheus(Process.Start(start)!, work, port);
    }

    /// <summary>The values that a query gives now; none while Prometheus is starting.</summary>
    public async Task<IReadOnlyList<double>> QueryAsync(string query)
    {
        try
        {
            var answer = await http.GetStringAsync(new Uri($"api/v1/query?query={Uri.EscapeDataString(query)}", UriKind.Relative), TestContext.Current.CancellationToken);
            return [.. JsonNode.Parse(answer)!["data"]!["result"]!.AsArray().Select(result => double.Parse((string)result!["value"]![1]!, CultureInfo.InvariantCulture))];
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
        {
            return [];
        }
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        http.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
