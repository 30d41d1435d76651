using System.Diagnostics.CodeAnalysis;
using k8s;
using k8s.Models;

namespace GrpoOperator.KubeRuntime.Abstractions;

/// <summary>How a reconcile went, in KubeOps' shape.</summary>
[SuppressMessage("Design", "CA1000:Do not declare static members on generic types", Justification = "KubeOps' shape.")]
public sealed record ReconciliationResult<TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    private ReconciliationResult(TEntity entity, bool isSuccess, string? errorMessage, Exception? error, TimeSpan? requeueAfter)
    {
        Entity = entity;
        IsSuccess = isSuccess;
        ErrorMessage = errorMessage;
        Error = error;
        RequeueAfter = requeueAfter;
    }

    /// <summary>The entity it was about.</summary>
    public TEntity Entity { get; }

    /// <summary>Whether it went well.</summary>
    public bool IsSuccess { get; }

    /// <summary>What went wrong.</summary>
    public string? ErrorMessage { get; }

    /// <summary>The exception behind it.</summary>
    public Exception? Error { get; }

    /// <summary>When to look again. After a failure without it: after a back-off that grows and never gives up.</summary>
    public TimeSpan? RequeueAfter { get; }

    /// <summary>All is well.</summary>
    public static ReconciliationResult<TEntity> Success(TEntity entity, TimeSpan? requeueAfter = null) =>
        new(entity, isSuccess: true, errorMessage: null, error: null, requeueAfter);

    /// <summary>It has to be tried again.</summary>
    public static ReconciliationResult<TEntity> Failure(TEntity entity, string errorMessage, Exception? error = null, TimeSpan? requeueAfter = null) =>
        new(entity, isSuccess: false, errorMessage, error, requeueAfter);
}
