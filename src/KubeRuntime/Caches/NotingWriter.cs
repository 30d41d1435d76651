using System.Text.Json;
using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.KubeRuntime.Caches;

/// <summary>Sends writes on, and lays each answer over the cache of its resource, so that nobody can forget to.</summary>
public sealed class NotingWriter : IKubeWriter
{
    private readonly IKubeWriter _inner;
    private readonly ILookup<ApiResource, IOwnWrites> _caches;

    /// <summary>Notes the writes of those resources that have a cache.</summary>
    public NotingWriter(IKubeWriter inner, IEnumerable<IOwnWrites> caches)
    {
        _inner = inner;
        _caches = caches.ToLookup(cache => cache.Resource);
    }

    /// <inheritdoc/>
    public async Task<ApiAnswer> CreateAsync(
        ApiResource resource, string? @namespace, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var answer = await _inner.CreateAsync(resource, @namespace, body, cancellationToken);
        Note(resource, answer);
        return answer;
    }

    /// <inheritdoc/>
    public async Task<ApiAnswer> PatchAsync(
        ApiResource resource, NamespacedName name, PatchType type, ReadOnlyMemory<byte> body, string? subresource, CancellationToken cancellationToken)
    {
        var answer = await _inner.PatchAsync(resource, name, type, body, subresource, cancellationToken);
        if (subresource is null or "status")
            Note(resource, answer);
        return answer;
    }

    /// <inheritdoc/>
    public async Task<ApiAnswer> DeleteAsync(ApiResource resource, NamespacedName name, DeleteOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            var answer = await _inner.DeleteAsync(resource, name, options, cancellationToken);
            if (IsGone(answer))
                Removed();
            else
                Note(resource, answer);
            return answer;
        }
        catch (KubeApiException e) when (e.IsNotFound || (e.IsConflict && options.ResourceVersion is null))
        {
            Removed(); // The name is nobody's, or another uid's: ours is gone.
            throw;
        }

        void Removed()
        {
            foreach (var cache in _caches[resource])
                cache.Removed(name, options.Uid);
        }
    }

    private void Note(ApiResource resource, ApiAnswer answer)
    {
        foreach (var cache in _caches[resource])
            cache.Wrote(answer.Body.Span);
    }

    /// <summary>A DELETE is answered by a Status, or by the object: as it was when it went, or as it is while its finalizers or its grace
    /// period keep it.</summary>
    private static bool IsGone(ApiAnswer answer)
    {
        var reader = new Utf8JsonReader(answer.Body.Span);
        reader.Read();
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("kind"u8) && reader.NextString() == "Status")
                return true;
            reader.Skip();
        }

        var meta = ObjectMetaReading.Read(answer.Body.Span);
        return meta.DeletionTimestamp is null || (meta.Finalizers.IsEmpty && meta.DeletionGracePeriodSeconds is null or 0);
    }
}
