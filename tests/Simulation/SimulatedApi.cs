using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.Simulation;

/// <summary>The process dies at this point.</summary>
internal sealed class CrashException : Exception;

/// <summary>An operator's connection to the <see cref="World"/>; a crash can be put before or after any write.</summary>
internal sealed class SimulatedApi(World world, Func<bool> mayWrite) : IKubeApi
{
    /// <summary>Called before and after each write with what it is; throws <see cref="CrashException"/> to die there.</summary>
    public Action<bool, string>? OnWrite { get; set; }

    public Task<ApiAnswer> CreateAsync(ApiResource resource, string? @namespace, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        Write($"POST {resource.Plural}", () => world.Create(resource, @namespace!, JsonNode.Parse(body.Span)!.AsObject()));

    public Task<ApiAnswer> PatchAsync(ApiResource resource, NamespacedName name, PatchType type, ReadOnlyMemory<byte> body, string? subresource, CancellationToken cancellationToken) =>
        Write($"PATCH {resource.Plural}/{subresource}", () => type == PatchType.Merge
            ? world.MergeStatus(resource, name, JsonNode.Parse(body.Span)!.AsObject())
            : world.JsonPatch(resource, name, JsonNode.Parse(body.Span)!.AsArray()));

    public Task<ApiAnswer> DeleteAsync(ApiResource resource, NamespacedName name, DeleteOptions options, CancellationToken cancellationToken) =>
        Write($"DELETE {resource.Plural}", () =>
        {
            world.Delete(resource, name, options.Uid, options.GracePeriodSeconds == 0);
            return new JsonObject { ["kind"] = "Status" };
        });

    public Task<ApiAnswer> GetAsync(ApiResource resource, NamespacedName name, CancellationToken cancellationToken) =>
        world.Find(resource, name) is { } found ? Task.FromResult(Answer(found)) : throw new KubeApiException(404, "NotFound", name.ToString());

    public Task<ListPage> ListPageAsync(ApiResource resource, Scope scope, int limit, string? continueToken, CancellationToken cancellationToken)
    {
        var label = scope.LabelSelector!.Split('=');
        var items = world.All(resource).Where(o => (string?)o["metadata"]!["labels"]?[label[0]] == label[1]).Select(o => Answer(o).Body);
        return Task.FromResult(new ListPage("0", string.Empty, [.. items]));
    }

    public Task<IWatchStream> WatchAsync(ApiResource resource, Scope scope, string resourceVersion, TimeSpan lifetime, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Caches are fed by the simulation.");

    public Task<ApiAnswer> GetPathAsync(string path, CancellationToken cancellationToken) => throw new KubeApiException(404, "NotFound", path);

    public Task<ApiAnswer> ReadPodLogAsync(NamespacedName pod, PodLogRequest request, CancellationToken cancellationToken) =>
        throw new KubeApiException(404, "NotFound", pod.ToString());

    private Task<ApiAnswer> Write(string what, Func<JsonObject> write)
    {
        if (!mayWrite()) throw new KubeRuntime.Leadership.WriteRefusedException();
        OnWrite?.Invoke(true, what);
        var answer = Answer(write());
        OnWrite?.Invoke(false, what);
        return Task.FromResult(answer);
    }

    private static ApiAnswer Answer(JsonObject stored) => new(stored.Utf8());
}
