using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.KubeRuntime.Queue;

/// <summary>Brings the world one step closer to what an object asks for.</summary>
/// <remarks>It is told a key, never an event: what happened is over, what counts is what is there now.</remarks>
public interface IReconciler
{
    /// <summary>Looks at one object. Never runs twice at once for the same key. An exception means: again, after a back-off that grows and
    /// never gives up; <see cref="KubeApiException.IsConflict"/> means: again soon, nothing is wrong.</summary>
    Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken);
}

/// <summary>What a reconcile leaves behind.</summary>
/// <param name="LookAgainAt">When to look again though nothing happened; replaces what an earlier reconcile of the key asked for; null: never.</param>
public readonly record struct ReconcileResult(DateTimeOffset? LookAgainAt)
{
    /// <summary>Nothing to do until something happens.</summary>
    public static ReconcileResult Done => default;

    /// <summary>Look again at a point in time.</summary>
    public static ReconcileResult At(DateTimeOffset? time) => new(time);
}
