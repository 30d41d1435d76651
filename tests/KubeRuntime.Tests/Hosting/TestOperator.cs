using System.Collections.Concurrent;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using GrpoOperator.KubeRuntime.Events;
using GrpoOperator.KubeRuntime.Hosting;
using GrpoOperator.KubeRuntime.Leadership;
using GrpoOperator.KubeRuntime.Queue;
using GrpoOperator.KubeRuntime.Tests.Caches;
using GrpoOperator.KubeRuntime.Tests.Fake;
using k8s;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GrpoOperator.KubeRuntime.Tests.Hosting;

/// <summary>A small operator on the fake server, as a host would run it.</summary>
internal sealed class TestOperator : IReconciler, ILeaderTask, IAsyncDisposable
{
    private readonly IHost _host;

    public TestOperator(FakeKube kube, string identity, TimeProvider? time = null, bool withLeaderTask = false)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(60));
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton(new KubernetesClientConfiguration { Host = kube.Address.ToString(), Namespace = "ops\n" });
        builder.Services.AddSingleton(provider => new KubeConnection(
            provider.GetRequiredService<KubernetesClientConfiguration>(), TimeProvider.System, NoMetrics.Instance));
        var runtime = builder.Services
            .AddKubernetesOperator(settings =>
            {
                settings.Name = "op";
                settings.Identity = identity;
            })
            .AddInformer(new InformerDefinition<PodView>(ApiResources.Pods, PodView.Decode))
            .AddInformer(new InformerDefinition<MetadataView>(ApiResources.Services, MetadataView.Decode));
        builder.Services.AddSingleton(this);
        runtime.AddReconciler(
            "pods",
            provider => provider.GetRequiredService<TestOperator>(),
            (provider, controller) => controller.Watch(provider.GetRequiredService<Informer<PodView>>().Store, (change, enqueue) => enqueue(change.View.NamespacedName, Lane.Urgent)),
            options: null);
        if (withLeaderTask)
            builder.Services.AddSingleton<ILeaderTask>(this);
        _host = builder.Build();
        Lifetime.ApplicationStopping.Register(() => IsStopping = true);
    }

    public ConcurrentQueue<string> Runs { get; } = new();

    public Func<IServiceProvider, CancellationToken, Task> Script { get; set; } = (_, _) => Task.CompletedTask;

    public Func<CancellationToken, Task> LeaderScript { get; set; } = token => Task.Delay(Timeout.InfiniteTimeSpan, token);

    public bool IsStopping { get; private set; }

    public OperatorHealth Health => _host.Services.GetRequiredService<OperatorHealth>();

    public IKubeApi Api => _host.Services.GetRequiredService<IKubeApi>();

    public WriteGate Gate => _host.Services.GetRequiredService<WriteGate>();

    public IEventRecorder Events => _host.Services.GetRequiredService<IEventRecorder>();

    private IHostApplicationLifetime Lifetime => _host.Services.GetRequiredService<IHostApplicationLifetime>();

    public Task StartAsync() => _host.StartAsync(TestContext.Current.CancellationToken);

    public Task StopAsync() => _host.StopAsync(TestContext.Current.CancellationToken);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        Runs.Enqueue(key.Name);
        await Script(_host.Services, cancellationToken);
        return ReconcileResult.Done;
    }

    public Task RunAsync(CancellationToken cancellationToken) => LeaderScript(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
