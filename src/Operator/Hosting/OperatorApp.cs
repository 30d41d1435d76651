using System.Text;
using System.Text.Encodings.Web;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Hosting;
using GrpoOperator.Operator.Cli;
using GrpoOperator.Operator.Metrics;
using Prometheus;

namespace GrpoOperator.Operator.Hosting;

/// <summary>The process: a slim web host for probes and metrics, and the operator in it.</summary>
internal static class OperatorApp
{
    /// <summary>Runs until told to stop.</summary>
    /// <returns>0 after an ordinary stop; 1 when leadership was lost or a part broke; 2 when there is no way to an API server.</returns>
    public static async Task<int> RunAsync(OperatorOptions options, CancellationToken cancellationToken)
    {
        await using var app = Build(options);
        if (WrongKubeconfig(app.Services) is { } wrong)
        {
            await Console.Error.WriteLineAsync(wrong);
            return ExitCodes.WrongCall;
        }

        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
        return Environment.ExitCode;
    }

    /// <summary>What is wrong with the kubeconfig, in a line; a stack trace would tell an administrator nothing.</summary>
    private static string? WrongKubeconfig(IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<KubeConnection>();
            return null;
        }
        catch (Exception exception)
        {
            // Its reader throws whatever comes: for an empty file, that a reference is null.
            return $"kubeconfig {Environment.GetEnvironmentVariable("KUBECONFIG") ?? "(default)"}: {exception.Message}";
        }
    }

    /// <summary>The application; tests put services of their own in the place of others before it is built.</summary>
    public static WebApplication Build(OperatorOptions options, Action<IServiceCollection>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenAnyIP(options.MetricsPort));
        builder.Logging.ClearProviders().SetMinimumLevel(options.LogLevel).AddFilter("Microsoft", LogLevel.Warning).AddJsonConsole(console =>
        {
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "O";
            console.JsonWriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        });
        // A stop takes a while: reconciles under way, last events, the lease. Less than a pod's grace period.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(25));
        builder.Services.AddTrainingOperator(options);
        configure?.Invoke(builder.Services);
        var app = builder.Build();
        MapProbes(app);
        MapMetrics(app);
        return app;
    }

    private static void MapProbes(WebApplication app)
    {
        app.MapGet("/healthz", (OperatorHealth health) => Answer(health.Live()));
        app.MapGet("/readyz", (OperatorHealth health) => Answer(health.Ready()));

        static IResult Answer(HealthReport report) =>
            report.IsHealthy ? Results.Text("ok") : Results.Text(string.Join('\n', report.Problems), statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static void MapMetrics(WebApplication app) => app.MapGet("/metrics", async (HttpContext http, CollectorRegistry registry, OperatorMetrics metrics, JobMetricsWriter jobs) =>
    {
        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await registry.CollectAndExportAsTextAsync(http.Response.Body, http.RequestAborted);
        if (!metrics.IsLeading) return;
        var text = new StringBuilder();
        jobs.Write(text);
        await http.Response.WriteAsync(text.ToString(), http.RequestAborted);
    });
}
