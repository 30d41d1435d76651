using GrpoOperator.KubeRuntime;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;
using GrpoOperator.Operator.Hosting;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>The whole operator in this process, for one namespace, against the real API server. Its writes can be made to fail.</summary>
internal sealed class InProcessOperator : IAsyncDisposable
{
    private readonly WebApplication app;
    private bool stopped;

    private InProcessOperator(WebApplication app) => this.app = app;

    public IServiceProvider Services => app.Services;

    /// <summary>Starts an operator; it may not be ready yet.</summary>
    /// <param name="namespace">The namespace that it looks after.</param>
    /// <param name="wrap">Stands between the operator and its writes.</param>
    /// <param name="server">How it reaches the API server; null: as the tests do.</param>
    /// <param name="podGroups">Whether it makes Volcano's PodGroups.</param>
    public static async Task<InProcessOperator> StartAsync(TestNamespace @namespace, Func<IKubeWriter, IKubeWriter>? wrap = null, KubernetesClientConfiguration? server = null, bool podGroups = false)
    {
        var options = new OperatorOptions { Namespaces = [@namespace.Name], LeaderElect = false, MetricsPort = 0, TimeScale = 0.1, LogLevel = LogLevel.Error, VolcanoPodGroups = podGroups };
        var built = OperatorApp.Build(options, services =>
        {
            services.AddSingleton(_ => new KubeConnection(server ?? KubeConnection.Configuration(TestCluster.Kubeconfig), TimeProvider.System, NoMetrics.Instance));
            if (wrap is not null) services.AddSingleton(provider => wrap(provider.GetRequiredService<IKubeApi>()));
        });
        await built.StartAsync(TestContext.Current.CancellationToken);
        return new InProcessOperator(built);
    }

    public async ValueTask DisposeAsync()
    {
        if (stopped) return;
        stopped = true;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
    }
}
