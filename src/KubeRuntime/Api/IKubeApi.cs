namespace GrpoOperator.KubeRuntime.Api;

/// <summary>Reads of the API server. Every call ends within its own time limit; refusals are <see cref="KubeApiException"/>.</summary>
public interface IKubeReader
{
    /// <summary>One page of a LIST; <paramref name="continueToken"/> is null for the first, which is always a consistent read.</summary>
    Task<ListPage> ListPageAsync(ApiResource resource, Scope scope, int limit, string? continueToken, CancellationToken cancellationToken);

    /// <summary>Opens a WATCH for the changes after <paramref name="resourceVersion"/>; the server is asked to end it after
    /// <paramref name="lifetime"/>, and it is given up a while later when the server doesn't.</summary>
    Task<IWatchStream> WatchAsync(ApiResource resource, Scope scope, string resourceVersion, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>One object, past all caches.</summary>
    Task<ApiAnswer> GetAsync(ApiResource resource, NamespacedName name, CancellationToken cancellationToken);

    /// <summary>Anything else that is read by its path relative to the server, e.g. <c>apis/batch</c>.</summary>
    Task<ApiAnswer> GetPathAsync(string path, CancellationToken cancellationToken);

    /// <summary>A part of a container's log.</summary>
    Task<ApiAnswer> ReadPodLogAsync(NamespacedName pod, PodLogRequest request, CancellationToken cancellationToken);
}

/// <summary>Writes to the API server, as JSON text: a typed round trip would drop every field that the type doesn't know, and there is no
/// PUT. Refusals are <see cref="KubeApiException"/>.</summary>
public interface IKubeWriter
{
    /// <summary>POST. Answers the object as stored.</summary>
    Task<ApiAnswer> CreateAsync(ApiResource resource, string? @namespace, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    /// <summary>PATCH of an object or of a subresource of it. Answers the object as stored. Preconditions go into the body
    /// (<c>metadata.uid</c>, <c>metadata.resourceVersion</c>, or a <c>test</c> operation).</summary>
    Task<ApiAnswer> PatchAsync(
        ApiResource resource, NamespacedName name, PatchType type, ReadOnlyMemory<byte> body, string? subresource, CancellationToken cancellationToken);

    /// <summary>DELETE. Answers a Status, or the object when it goes later (grace period, finalizers).</summary>
    Task<ApiAnswer> DeleteAsync(ApiResource resource, NamespacedName name, DeleteOptions options, CancellationToken cancellationToken);
}

/// <summary>The whole API server, as an operator needs it.</summary>
public interface IKubeApi : IKubeReader, IKubeWriter;
