using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>A namespace's objects of one kind as a watch shows them: looking at it costs the API server nothing.</summary>
internal sealed class Mirror : IAsyncDisposable
{
    private readonly ApiResource resource;
    private readonly Scope scope;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<string, JsonObject> objects = new(StringComparer.Ordinal);
    private readonly Task watching;

    public Mirror(ApiResource resource, string @namespace)
    {
        this.resource = resource;
        scope = new Scope(@namespace);
        watching = WatchAsync();
    }

    /// <summary>The objects, some moments old.</summary>
    public ICollection<JsonObject> Objects => objects.Values;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching;
        stop.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ListAndFollowAsync();
            }
            catch (KubeApiException)
            {
                // Listed again.
                await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                // Told to stop.
            }
        }
    }

    private async Task ListAndFollowAsync()
    {
        var page = await TestCluster.Api.ListPageAsync(resource, scope, 500, null, stop.Token);
        objects.Clear();
        foreach (var item in page.Items) Keep(Kube.Parse(item));
        await using var stream = await TestCluster.Api.WatchAsync(resource, scope, page.ResourceVersion, TimeSpan.FromMinutes(5), stop.Token);
        while (await stream.ReadAsync(stop.Token) is { } frame)
        {
            if (frame.Type == WatchFrameType.Error) return;
            if (frame.Type == WatchFrameType.Deleted) objects.TryRemove(NameOf(Kube.Parse(frame.Object)), out _);
            else if (frame.Type != WatchFrameType.Bookmark) Keep(Kube.Parse(frame.Object));
        }
    }

    private void Keep(JsonObject found) => objects[NameOf(found)] = found;

    private static string NameOf(JsonObject found) => Kube.Text(found, "metadata", "name")!;
}
