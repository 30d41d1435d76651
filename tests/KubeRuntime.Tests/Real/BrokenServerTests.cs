using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using Microsoft.Extensions.Logging.Abstractions;

namespace GrpoOperator.KubeRuntime.Tests.Real;

/// <summary>A real 410: etcd's history is compacted and the API server restarted while the informer is cut off.</summary>
/// <remarks>Alone in its collection: it takes the server away from everybody.</remarks>
[CollectionDefinition(nameof(BrokenServer), DisableParallelization = true)]
public sealed class BrokenServer : ICollectionFixture<RealServer>;

[Collection(nameof(BrokenServer))]
public sealed class BrokenServerTests(RealServer server)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_compacted_history_is_listed_anew_and_missed_deletions_are_told()
    {
        server.SkipUnlessBreakable();
        var (kept, gone) = (await CreateAsync("kept"), await CreateAsync("gone"));
        var link = new CutLink(server.Watches);
        var metrics = new RecordedMetrics();
        var informer = new Informer<MetadataView>(
            new InformerDefinition<MetadataView>(ApiResources.ConfigMaps, MetadataView.Decode) { Namespaces = [server.Namespace] },
            link, TimeProvider.System, new Random(1), metrics, NullLogger<Informer<MetadataView>>.Instance);
        List<StoreChange<MetadataView>> told = [];
        informer.Store.Subscribe(told.Add);
        using var stop = new CancellationTokenSource();
        var running = informer.RunAsync(stop.Token);
        await informer.Synced.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        var page = await server.Api.ListPageAsync(ApiResources.ConfigMaps, new Scope(server.Namespace), 1, null, Cancelled);

        link.IsCut = true;
        await server.Api.DeleteAsync(ApiResources.ConfigMaps, gone.NamespacedName, new DeleteOptions(gone.Uid), Cancelled);
        var came = await CreateAsync("came");
        await server.ClusterAsync("etcd-compact");
        await server.ClusterAsync("apiserver-restart"); // Its watch cache begins anew: older versions are gone.
        await CreateAsync("after");

        var expired = await Assert.ThrowsAsync<KubeApiException>(() => server.Api.ListPageAsync(ApiResources.ConfigMaps, new Scope(server.Namespace), 1, page.Continue, Cancelled));
        Assert.True(expired.IsGone);

        Assert.NotNull(informer.Store.Get(gone.NamespacedName));
        told.Clear();
        link.IsCut = false;
        await Waiting.UntilAsync(() => informer.Store.Get(came.NamespacedName) is not null && informer.Store.Get(gone.NamespacedName) is null, "the diff");
        Assert.True(metrics.Count("restart configmaps gone") >= 1, string.Join('\n', metrics.Lines));
        Assert.Contains(told, change => change.New is null && change.Old?.Uid == gone.Uid);
        Assert.DoesNotContain(told, change => change.View.Uid == kept.Uid);
        await stop.CancelAsync();
        await running;
    }

    private async Task<MetadataView> CreateAsync(string name) =>
        MetadataView.Decode((await server.Api.CreateAsync(ApiResources.ConfigMaps, server.Namespace, RealServerTests.ConfigMap(name, "broken"), Cancelled)).Body.Span);

    /// <summary>A link that can be cut: nothing comes or goes.</summary>
    private sealed class CutLink(IKubeApi inner) : IKubeReader
    {
        public volatile bool IsCut;

        public Task<ListPage> ListPageAsync(ApiResource resource, Scope scope, int limit, string? continueToken, CancellationToken cancellationToken) =>
            Through(() => inner.ListPageAsync(resource, scope, limit, continueToken, cancellationToken));

        public async Task<IWatchStream> WatchAsync(ApiResource resource, Scope scope, string resourceVersion, TimeSpan lifetime, CancellationToken cancellationToken) =>
            new CutStream(this, await Through(() => inner.WatchAsync(resource, scope, resourceVersion, lifetime, cancellationToken)));

        public Task<ApiAnswer> GetAsync(ApiResource resource, NamespacedName name, CancellationToken cancellationToken) =>
            Through(() => inner.GetAsync(resource, name, cancellationToken));

        public Task<ApiAnswer> GetPathAsync(string path, CancellationToken cancellationToken) => Through(() => inner.GetPathAsync(path, cancellationToken));

        public Task<ApiAnswer> ReadPodLogAsync(NamespacedName pod, PodLogRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        private Task<T> Through<T>(Func<Task<T>> call) => IsCut ? throw new KubeApiException(0, KubeApiException.Unreachable, "cut") : call();

        private sealed class CutStream(CutLink link, IWatchStream inner) : IWatchStream
        {
            public async ValueTask<WatchFrame?> ReadAsync(CancellationToken cancellationToken)
            {
                var frame = await inner.ReadAsync(cancellationToken);
                return link.IsCut ? throw new KubeApiException(0, KubeApiException.Unreachable, "cut") : frame;
            }

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}
