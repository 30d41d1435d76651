using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using GrpoOperator.KubeRuntime.Queue;
using k8s;
using k8s.Models;

namespace GrpoOperator.KubeRuntime.Abstractions;

/// <summary>Runs an <see cref="IEntityController{TEntity}"/> on the key-based runtime: key → entity out of the cache → controller.</summary>
internal sealed class EntityReconciler<TEntity>(
    Store<EntityView<TEntity>> store, IEntityController<TEntity> controller, JsonTypeInfo<TEntity> json, TimeProvider time) : IReconciler
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    private readonly ConcurrentDictionary<NamespacedName, EntityView<TEntity>> _gone = new();

    /// <summary>What an entity's change means for the queue.</summary>
    public void Map(StoreChange<EntityView<TEntity>> change, Enqueue enqueue)
    {
        if (change.New is null)
            _gone[change.View.NamespacedName] = change.View;
        enqueue(change.View.NamespacedName, Lane.Urgent);
    }

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (_gone.TryGetValue(key, out var gone))
        {
            await RunAsync(controller.DeletedAsync, gone, cancellationToken);
            _gone.TryRemove(KeyValuePair.Create(key, gone));
        }

        return store.Get(key) is { } view ? await RunAsync(controller.ReconcileAsync, view, cancellationToken) : ReconcileResult.Done;
    }

    private async Task<ReconcileResult> RunAsync(
        Func<TEntity, CancellationToken, Task<ReconciliationResult<TEntity>>> run, EntityView<TEntity> view, CancellationToken cancellationToken)
    {
        var entity = JsonSerializer.Deserialize(view.Json.Span, json) ?? throw new JsonException($"{view.NamespacedName} is null.");
        var result = await run(entity, cancellationToken);
        if (!result.IsSuccess && result.RequeueAfter is null)
            throw new ReconciliationFailedException(result.ErrorMessage, result.Error);
        return ReconcileResult.At(result.RequeueAfter is { } after ? time.GetUtcNow() + after : null);
    }
}

/// <summary>A controller said that its reconcile failed.</summary>
public sealed class ReconciliationFailedException(string? message, Exception? inner) : Exception(message, inner);
