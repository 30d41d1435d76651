using System.Diagnostics.CodeAnalysis;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using GrpoOperator.KubeRuntime.Leadership;
using GrpoOperator.KubeRuntime.Queue;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GrpoOperator.KubeRuntime.Hosting;

/// <summary>Says what an operator is made of.</summary>
public sealed class OperatorBuilder(IServiceCollection services, OperatorSettings settings)
{
    /// <summary>The host's services.</summary>
    public IServiceCollection Services => services;

    /// <summary>What the operator was told.</summary>
    public OperatorSettings Settings => settings;

    /// <summary>Adds a cache. It can be injected as <see cref="Informer{TView}"/>, by its definition's name as key where a view has several.</summary>
    public OperatorBuilder AddInformer<TView>(InformerDefinition<TView> definition)
        where TView : class, IView
    {
        ArgumentNullException.ThrowIfNull(definition);
        services.AddKeyedSingleton(definition.Name, (provider, _) => new Informer<TView>(
            definition, provider.GetRequiredKeyedService<IKubeReader>(OperatorServices.Watches), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<Random>(), provider.GetRequiredService<IRuntimeMetrics>(), provider.GetRequiredService<ILogger<Informer<TView>>>()));
        services.AddSingleton(Get);
        services.AddSingleton<IInformer>(Get);
        services.AddSingleton<IOwnWrites>(Get);
        return this;

        Informer<TView> Get(IServiceProvider provider) => provider.GetRequiredKeyedService<Informer<TView>>(definition.Name);
    }

    /// <summary>Adds a controller.</summary>
    /// <param name="name">Name in logs and metrics.</param>
    /// <param name="watches">Tells it which caches' changes are about which keys.</param>
    /// <param name="options">Its own workers and times.</param>
    public OperatorBuilder AddReconciler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TReconciler>(
        string name, Action<IServiceProvider, Controller> watches, ControllerOptions? options = null)
        where TReconciler : class, IReconciler
    {
        services.AddSingleton<TReconciler>();
        return AddReconciler(name, provider => provider.GetRequiredService<TReconciler>(), watches, options);
    }

    /// <summary>Adds something that only the leader does, beside reconciling.</summary>
    public OperatorBuilder AddLeaderTask<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TTask>()
        where TTask : class, ILeaderTask
    {
        services.AddSingleton<TTask>();
        services.AddSingleton<ILeaderTask>(provider => provider.GetRequiredService<TTask>());
        return this;
    }

    internal OperatorBuilder AddReconciler(
        string name, Func<IServiceProvider, IReconciler> reconciler, Action<IServiceProvider, Controller> watches, ControllerOptions? options)
    {
        services.AddSingleton(provider =>
        {
            var controller = new Controller(
                name, reconciler(provider), options ?? settings.Controllers, provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<Random>(), provider.GetRequiredService<IRuntimeMetrics>(), provider.GetRequiredService<ILogger<Controller>>());
            watches(provider, controller);
            return controller;
        });
        return this;
    }
}
