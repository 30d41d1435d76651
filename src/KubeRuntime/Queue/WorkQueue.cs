namespace GrpoOperator.KubeRuntime.Queue;

/// <summary>Keys waiting for a worker. TODO</summary>
public sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    /// <summary>Makes an empty queue.</summary>
    public WorkQueue(string name, TimeProvider time, Random random, IRuntimeMetrics metrics) => throw new NotSupportedException(name + time + random + metrics);

    /// <summary>Asks for a run of the key.</summary>
    public void Add(TKey key, Lane lane) => throw new NotSupportedException(key.ToString() + lane);

    /// <summary>Sets the key's one timer, replacing what it was; null clears it.</summary>
    public void LookAgainAt(TKey key, DateTimeOffset? time, Lane lane = Lane.Child) => throw new NotSupportedException(key.ToString() + time + lane);

    /// <summary>Sets the key's timer to its next back-off. Never gives up.</summary>
    public void Retry(TKey key, TimeSpan? atLeast = null) => throw new NotSupportedException(key.ToString() + atLeast);

    /// <summary>The key's last run went well: its back-off starts anew.</summary>
    public void Forget(TKey key) => throw new NotSupportedException(key.ToString());

    /// <summary>The next key. It is nobody else's until <see cref="Done"/>.</summary>
    public ValueTask<TKey> TakeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Gives the key back; when it was added meanwhile, it runs again.</summary>
    public void Done(TKey key) => throw new NotSupportedException(key.ToString());

    /// <inheritdoc/>
    public void Dispose() => throw new NotSupportedException();
}
