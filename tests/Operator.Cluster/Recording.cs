using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.Operator.Cluster;

/// <summary>Every state that objects of a namespace went through, from a real watch.</summary>
internal sealed class Recording : IAsyncDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(20);

    private readonly ApiResource resource;
    private readonly Scope scope;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<JsonObject> states = new();
    private Task watching = Task.CompletedTask;

    private Recording(ApiResource resource, Scope scope)
    {
        this.resource = resource;
        this.scope = scope;
    }

    /// <summary>The states so far, in the server's order.</summary>
    /// <exception cref="AggregateException">States were missed: the watch broke and could not go on where it was.</exception>
    public IReadOnlyCollection<JsonObject> States
    {
        get
        {
            if (watching.Exception is { } broke) throw broke;
            return states;
        }
    }

    public static async Task<Recording> StartAsync(ApiResource resource, string @namespace)
    {
        var recording = new Recording(resource, new Scope(@namespace));
        var version = await recording.ListAsync(TestContext.Current.CancellationToken);
        var stream = await recording.OpenAsync(version, TestContext.Current.CancellationToken);
        recording.watching = recording.ReadAsync(stream, version);
        return recording;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching;
        stop.Dispose();
    }

    /// <summary>Takes what is there now.</summary>
    /// <returns>The version of the list.</returns>
    private async Task<string> ListAsync(CancellationToken cancellationToken)
    {
        var page = await TestCluster.Api.ListPageAsync(resource, scope, 500, null, cancellationToken);
        foreach (var item in page.Items) states.Enqueue(Kube.Parse(item));
        return page.ResourceVersion;
    }

    private Task<IWatchStream> OpenAsync(string version, CancellationToken cancellationToken) =>
        TestCluster.Api.WatchAsync(resource, scope, version, Lifetime, cancellationToken);

    /// <summary>Reads until told to stop. A stream that ends is opened again behind its last state.</summary>
    private async Task ReadAsync(IWatchStream stream, string version)
    {
        try
        {
            while (true)
            {
                version = await ReadToEndAsync(stream, version);
                stream = await OpenAsync(version, stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    /// <summary>Keeps what the stream shows.</summary>
    /// <returns>The last version that it showed.</returns>
    private async Task<string> ReadToEndAsync(IWatchStream stream, string version)
    {
        await using var open = stream;
        while (await open.ReadAsync(stop.Token) is { } frame)
        {
            var state = Kube.Parse(frame.Object);
            if (frame.Type == WatchFrameType.Error)
            {
                // A server that has just been told of a resource knows no version from before; nothing was missed yet.
                if (states.IsEmpty && Kube.Text(state, "reason") == "Expired") return await ListAsync(stop.Token);
                throw new KubeApiException(0, KubeApiException.Unreachable, $"a watch broke: {state.ToJsonString()}");
            }

            if (frame.Type is WatchFrameType.Added or WatchFrameType.Modified) states.Enqueue(state);
            version = Kube.Text(state, "metadata", "resourceVersion") ?? version;
        }

        return version;
    }
}
