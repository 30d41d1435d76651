using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Abstractions;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using Microsoft.Extensions.DependencyInjection;

namespace GrpoOperator.HelloOperator;

[EntityRbac(typeof(V1Greeting), Verbs = RbacVerb.List | RbacVerb.Watch | RbacVerb.Patch)]
public sealed class GreetingController(
    IKubeApi api, [FromKeyedServices("configmaps-of-greetings")] Informer<MetadataView> configMaps, EventPublisher events) : IEntityController<V1Greeting>
{
    private static readonly ApiResource Greetings = EntityControllers.ResourceOf<V1Greeting>();

    public async Task<ReconciliationResult<V1Greeting>> ReconcileAsync(V1Greeting entity, CancellationToken cancellationToken)
    {
        var key = new NamespacedName(entity.Metadata.NamespaceProperty, entity.Metadata.Name);
        var text = $"Hello, {entity.Spec.Name}!";
        var child = key with { Name = key.Name + "-greeting" };
        var seen = configMaps.Store.Get(child);

        if (seen is null)
        {
            await api.CreateAsync(ApiResources.ConfigMaps, key.Namespace, ConfigMap(entity, child, text), cancellationToken);
            await events(entity, "Greeted", $"Made ConfigMap {child.Name}", cancellationToken: cancellationToken);
        }
        else if (seen.Meta.Controller?.Uid != entity.Metadata.Uid)
        {
            return ReconciliationResult<V1Greeting>.Failure(entity, $"ConfigMap {child.Name} belongs to somebody else", requeueAfter: TimeSpan.FromMinutes(1));
        }
        else if (seen.Meta.Annotations.GetValueOrDefault("hello.example.dev/text") != text)
        {
            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject { ["uid"] = seen.Uid, ["annotations"] = new JsonObject { ["hello.example.dev/text"] = text } },
                ["data"] = new JsonObject { ["text"] = text },
            };
            await api.MergePatchAsync(ApiResources.ConfigMaps, child, subresource: null, patch, cancellationToken);
        }

        if (entity.Status.Text != text)
        {
            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject { ["uid"] = entity.Metadata.Uid },
                ["status"] = new JsonObject { ["text"] = text },
            };
            await api.MergePatchAsync(Greetings, key, "status", patch, cancellationToken);
        }

        return ReconciliationResult<V1Greeting>.Success(entity);
    }

    // Nothing to do: the ConfigMap has an owner, and goes with it.
    public Task<ReconciliationResult<V1Greeting>> DeletedAsync(V1Greeting entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult<V1Greeting>.Success(entity));

    private static JsonObject ConfigMap(V1Greeting entity, NamespacedName name, string text) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject
        {
            ["name"] = name.Name,
            ["namespace"] = name.Namespace,
            ["annotations"] = new JsonObject { ["hello.example.dev/text"] = text },
            ["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = Greetings.ApiVersion,
                ["kind"] = Greetings.Kind,
                ["name"] = entity.Metadata.Name,
                ["uid"] = entity.Metadata.Uid,
                ["controller"] = true,
            }),
        },
        ["data"] = new JsonObject { ["text"] = text },
    };
}
