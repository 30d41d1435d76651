namespace GrpoOperator.KubeRuntime.Caches;

/// <summary>What became of one object in a cache. Changes that its readers can't see (same hash) are not told.</summary>
/// <param name="Old">The view before; null when the object is new.</param>
/// <param name="New">The view now; null when the object is gone. <see cref="Old"/> is then the last known view.</param>
/// <param name="Initial">Found by the first list of a scope, or replayed at a leader's start: nothing happened just now, so it can wait.</param>
public readonly record struct StoreChange<TView>(TView? Old, TView? New, bool Initial)
    where TView : class, IView
{
    /// <summary>The newest view that there is.</summary>
    public TView View => New ?? Old!;
}
