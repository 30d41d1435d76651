using k8s;
using k8s.Models;

namespace GrpoOperator.KubeRuntime.Abstractions;

/// <summary>A controller of one kind, in KubeOps' shape. The entity given to it is its own copy: what it changes there, nobody sees.</summary>
public interface IEntityController<TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The entity is there, new or changed or to be looked at again.</summary>
    Task<ReconciliationResult<TEntity>> ReconcileAsync(TEntity entity, CancellationToken cancellationToken);

    /// <summary>The entity is gone; what is given is its last known state. Not called for what went while no leader ran.</summary>
    Task<ReconciliationResult<TEntity>> DeletedAsync(TEntity entity, CancellationToken cancellationToken);
}
