namespace GrpoOperator.KubeRuntime.Api;

/// <summary>At most so many requests in flight at once; the others wait their turn. Open watches don't count.</summary>
/// <remarks>Whatever decides whether a write may be sent at all belongs inside, after the wait: <paramref name="writer"/>.</remarks>
public sealed class LimitedKubeApi(IKubeReader reader, IKubeWriter writer, SemaphoreSlim slots) : IKubeApi
{
    /// <summary>Requests in flight of a whole operator.</summary>
    public const int InFlight = 32;

    /// <inheritdoc/>
    public Task<ListPage> ListPageAsync(ApiResource resource, Scope scope, int limit, string? continueToken, CancellationToken cancellationToken) =>
        InTurnAsync(() => reader.ListPageAsync(resource, scope, limit, continueToken, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IWatchStream> WatchAsync(ApiResource resource, Scope scope, string resourceVersion, TimeSpan lifetime, CancellationToken cancellationToken) =>
        InTurnAsync(() => reader.WatchAsync(resource, scope, resourceVersion, lifetime, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<ApiAnswer> GetAsync(ApiResource resource, NamespacedName name, CancellationToken cancellationToken) =>
        InTurnAsync(() => reader.GetAsync(resource, name, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<ApiAnswer> GetPathAsync(string path, CancellationToken cancellationToken) =>
        InTurnAsync(() => reader.GetPathAsync(path, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<ApiAnswer> ReadPodLogAsync(NamespacedName pod, PodLogRequest request, CancellationToken cancellationToken) =>
        InTurnAsync(() => reader.ReadPodLogAsync(pod, request, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<ApiAnswer> CreateAsync(ApiResource resource, string? @namespace, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        InTurnAsync(() => writer.CreateAsync(resource, @namespace, body, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<ApiAnswer> PatchAsync(
        ApiResource resource, NamespacedName name, PatchType type, ReadOnlyMemory<byte> body, string? subresource, CancellationToken cancellationToken) =>
        InTurnAsync(() => writer.PatchAsync(resource, name, type, body, subresource, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<ApiAnswer> DeleteAsync(ApiResource resource, NamespacedName name, DeleteOptions options, CancellationToken cancellationToken) =>
        InTurnAsync(() => writer.DeleteAsync(resource, name, options, cancellationToken), cancellationToken);

    private async Task<T> InTurnAsync<T>(Func<Task<T>> request, CancellationToken cancellationToken)
    {
        await slots.WaitAsync(cancellationToken);
        try
        {
            return await request();
        }
        finally
        {
            slots.Release();
        }
    }
}
