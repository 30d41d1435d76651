using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using GrpoOperator.KubeRuntime.Events;
using GrpoOperator.KubeRuntime.Hosting;
using GrpoOperator.KubeRuntime.Queue;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GrpoOperator.KubeRuntime.Abstractions;

/// <summary>Adds controllers in KubeOps' shape to an operator.</summary>
public static class EntityControllers
{
    /// <summary>Adds a controller of an entity.</summary>
    /// <param name="builder">The operator.</param>
    /// <param name="owns">Resources whose objects the controller makes, with itself as controlling owner: their changes run it too.</param>
    public static OperatorBuilder AddController<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TController, TEntity>(
        this OperatorBuilder builder, params ApiResource[] owns)
        where TController : class, IEntityController<TEntity>
        where TEntity : IKubernetesObject<V1ObjectMeta>
    {
        ArgumentNullException.ThrowIfNull(builder);
        var resource = ResourceOf<TEntity>();
        var namespaces = builder.Settings.Namespaces;
        builder.AddInformer(new InformerDefinition<EntityView<TEntity>>(resource, EntityView<TEntity>.Decode) { Namespaces = namespaces });
        foreach (var owned in owns)
        {
            builder.AddInformer(new InformerDefinition<MetadataView>(owned, MetadataView.Decode)
            {
                Name = OwnedName(resource, owned),
                Namespaces = namespaces,
                MetadataOnly = true,
            });
        }

        builder.Services.AddSingleton<TController>();
        builder.Services.AddSingleton(provider => new EntityReconciler<TEntity>(
            provider.GetRequiredService<Informer<EntityView<TEntity>>>().Store, provider.GetRequiredService<TController>(),
            JsonOf<TEntity>(builder.Settings), provider.GetRequiredService<TimeProvider>()));
        builder.Services.TryAddSingleton(PublisherOf);
        return builder.AddReconciler(
            resource.Plural, provider => provider.GetRequiredService<EntityReconciler<TEntity>>(), (provider, controller) => Watch<TEntity>(provider, controller, owns), options: null);
    }

    /// <summary>The resource that an entity's <see cref="KubernetesEntityAttribute"/> names; namespaced.</summary>
    public static ApiResource ResourceOf<TEntity>()
    {
        var named = typeof(TEntity).GetCustomAttribute<KubernetesEntityAttribute>()
            ?? throw new InvalidOperationException($"{typeof(TEntity)} has no [KubernetesEntity].");
        return new ApiResource(named.Group, named.ApiVersion, named.PluralName, named.Kind);
    }

    private static void Watch<TEntity>(IServiceProvider provider, Controller controller, ApiResource[] owns)
        where TEntity : IKubernetesObject<V1ObjectMeta>
    {
        var resource = ResourceOf<TEntity>();
        controller.Watch(provider.GetRequiredService<Informer<EntityView<TEntity>>>().Store, provider.GetRequiredService<EntityReconciler<TEntity>>().Map);
        foreach (var owned in owns)
        {
            controller.Watch(provider.GetRequiredKeyedService<Informer<MetadataView>>(OwnedName(resource, owned)).Store, (change, enqueue) =>
            {
                if (change.View.Meta.Controller is { } owner && owner.Kind == resource.Kind && owner.ApiVersion.StartsWith(resource.Group + "/", StringComparison.Ordinal))
                    enqueue(new NamespacedName(change.View.NamespacedName.Namespace, owner.Name), Lane.Child);
            });
        }
    }

    private static string OwnedName(ApiResource owner, ApiResource owned) => $"{owned}-of-{owner.Plural}";

    private static JsonTypeInfo<TEntity> JsonOf<TEntity>(OperatorSettings settings)
    {
        var json = settings.Json ?? throw new InvalidOperationException("OperatorSettings.Json is not set.");
        return (JsonTypeInfo<TEntity>?)json.GetTypeInfo(typeof(TEntity)) ?? throw new InvalidOperationException($"{json.GetType()} doesn't know {typeof(TEntity)}.");
    }

    private static EventPublisher PublisherOf(IServiceProvider provider)
    {
        var recorder = provider.GetRequiredService<IEventRecorder>();
        return (entity, reason, message, type, _) =>
        {
            var version = entity.ApiVersion ?? "";
            var slash = version.IndexOf('/', StringComparison.Ordinal);
            var resource = new ApiResource(slash < 0 ? "" : version[..slash], version[(slash + 1)..], "", entity.Kind ?? "");
            recorder.Record(new EventSubject(resource, new NamespacedName(entity.Metadata.NamespaceProperty ?? "", entity.Metadata.Name), entity.Metadata.Uid), type, reason, message);
            return Task.CompletedTask;
        };
    }
}
