using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using GrpoOperator.KubeRuntime.Events;
using GrpoOperator.KubeRuntime.Leadership;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GrpoOperator.KubeRuntime.Hosting;

/// <summary>Puts an operator's parts together.</summary>
public static class OperatorServices
{
    internal const string Watches = "watches";

    /// <summary>Adds an operator to a host. What it is made of is said on the builder.</summary>
    /// <remarks>What the host registered before stays: <see cref="TimeProvider"/>, <see cref="Random"/>, <see cref="IRuntimeMetrics"/>,
    /// <see cref="KubeConnection"/>. Injected as <see cref="IKubeApi"/>: limited, noted in the caches, and gated, in this order.</remarks>
    public static OperatorBuilder AddKubernetesOperator(this IServiceCollection services, Action<OperatorSettings>? configure = null)
    {
        var settings = new OperatorSettings();
        configure?.Invoke(settings);
        services.AddSingleton(settings);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(_ => new Random());
        services.TryAddSingleton<IRuntimeMetrics>(NoMetrics.Instance);
        services.TryAddSingleton(provider => new KubeConnection(
            KubeConnection.Configuration(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IRuntimeMetrics>(), settings.UserAgent));
        AddApi(services);
        AddLeadership(services, settings);
        services.AddSingleton(provider => new EventRecorder(
            provider.GetRequiredService<IKubeApi>(), settings.Name, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IRuntimeMetrics>(), provider.GetRequiredService<ILogger<EventRecorder>>()));
        services.AddSingleton<IEventRecorder>(provider => provider.GetRequiredService<EventRecorder>());
        services.AddSingleton<OperatorHealth>();
        services.AddSingleton<OperatorHost>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<OperatorHost>());
        return new OperatorBuilder(services, settings);
    }

    private static void AddApi(IServiceCollection services)
    {
        // One limit for all requests; the lease has a client of its own and no limit.
        var slots = new SemaphoreSlim(LimitedKubeApi.InFlight);
        services.AddKeyedSingleton<IKubeReader>(Watches, (provider, _) =>
        {
            var watches = provider.GetRequiredService<KubeConnection>().Watches;
            return new LimitedKubeApi(watches, watches, slots);
        });
        services.AddSingleton<IKubeApi>(provider =>
        {
            var requests = provider.GetRequiredService<KubeConnection>().Requests;
            var gated = new GatedWriter(requests, provider.GetRequiredService<WriteGate>());
            return new LimitedKubeApi(requests, new NotingWriter(gated, provider.GetServices<IOwnWrites>()), slots);
        });
    }

    private static void AddLeadership(IServiceCollection services, OperatorSettings settings)
    {
        services.AddSingleton(provider =>
        {
            var @namespace = settings.LeaseNamespace ?? provider.GetRequiredService<KubeConnection>().Namespace;
            return new LeaderElectionOptions(new NamespacedName(@namespace, settings.Name), settings.Identity);
        });
        services.AddSingleton(provider => new WriteGate(
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<LeaderElectionOptions>().RenewDeadline));
        if (settings.LeaderElectionType == LeaderElectionType.None)
            return;
        services.AddSingleton(provider => new LeaderElector(
            provider.GetRequiredService<KubeConnection>().Lease, provider.GetRequiredService<LeaderElectionOptions>(),
            provider.GetRequiredService<WriteGate>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<Random>(),
            provider.GetRequiredService<IRuntimeMetrics>(), provider.GetRequiredService<ILogger<LeaderElector>>()));
    }
}
