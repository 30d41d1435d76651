using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.Operator.Cluster;

/// <summary>Every state that objects of a namespace went through, from a real watch.</summary>
internal sealed class Recording : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<JsonObject> states = new();
    private Task watching = Task.CompletedTask;

    private Recording()
    {
    }

    /// <summary>The states so far, in the server's order.</summary>
    public IReadOnlyCollection<JsonObject> States => states;

    public static async Task<Recording> StartAsync(ApiResource resource, string @namespace)
    {
        var recording = new Recording();
        var scope = new Scope(@namespace);
        var page = await TestCluster.Api.ListPageAsync(resource, scope, 500, null, TestContext.Current.CancellationToken);
        var stream = await TestCluster.Api.WatchAsync(resource, scope, page.ResourceVersion, TimeSpan.FromMinutes(20), TestContext.Current.CancellationToken);
        recording.watching = recording.ReadAsync(stream);
        return recording;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching;
        stop.Dispose();
    }

    private async Task ReadAsync(IWatchStream stream)
    {
        await using var open = stream;
        try
        {
            while (await open.ReadAsync(stop.Token) is { } frame)
            {
                if (frame.Type is WatchFrameType.Added or WatchFrameType.Modified) states.Enqueue(Kube.Parse(frame.Object));
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }
}
