using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using GrpoOperator.KubeRuntime.Events;
using GrpoOperator.KubeRuntime.Leadership;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace GrpoOperator.KubeRuntime.Tests.Real;

/// <summary>What the fake server claims, on a real one.</summary>
public sealed class RealServerTests(RealServer server) : IClassFixture<RealServer>, IAsyncLifetime
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        server.SkipUnlessThere();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        _stop.Dispose();
    }

    [Fact]
    public async Task Pages_watch_selector_and_metadata_only()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 1100), Cancelled, async (i, token) => await CreateAsync($"page-{i:0000}", "pages", token));
        await CreateAsync("other", "else", Cancelled);
        var informer = Run(new InformerDefinition<MetadataView>(ApiResources.ConfigMaps, MetadataView.Decode)
        {
            Namespaces = [server.Namespace],
            LabelSelector = "set=pages",
            MetadataOnly = true,
        });
        await informer.Synced.WaitAsync(TimeSpan.FromSeconds(60), Cancelled);
        Assert.Equal(1100, informer.Store.Count);

        await CreateAsync("page-new", "pages", Cancelled);
        await Waiting.UntilAsync(() => informer.Store.Get(Name("page-new")) is not null, "the new one");
        await server.Api.MergePatchAsync(ApiResources.ConfigMaps, Name("page-0000"), null, Labels("moved"), Cancelled);
        await Waiting.UntilAsync(() => informer.Store.Get(Name("page-0000")) is null, "out of the selector");
        var gone = informer.Store.Get(Name("page-0001"))!;
        await server.Api.DeleteAsync(ApiResources.ConfigMaps, gone.NamespacedName, new DeleteOptions(gone.Uid), Cancelled);
        await Waiting.UntilAsync(() => informer.Store.Get(gone.NamespacedName) is null, "deleted");
        Assert.Equal(1099, informer.Store.Count);
    }

    [Fact]
    public async Task The_server_sends_a_bookmark_and_ends_the_watch_when_asked_to()
    {
        var created = await CreateAsync("bookmark", "bookmark", Cancelled);
        List<WatchFrameType> types = [];
        // A server promises none; it sends one in the last seconds of a watch, unless it is busy.
        for (var i = 0; i < 5 && types.Count == 0; i++)
        {
            await using var stream = await server.Watches.WatchAsync(
                ApiResources.ConfigMaps, new Scope(server.Namespace, LabelSelector: "set=none"), created.ResourceVersion, TimeSpan.FromSeconds(6), Cancelled);
            await CreateAsync($"bookmark-{i}", "elsewhere", Cancelled); // Out of the selector: only a bookmark can tell that the version moved.
            while (await stream.ReadAsync(Cancelled) is { } frame)
                types.Add(frame.Type);
        }

        Assert.All(types, type => Assert.Equal(WatchFrameType.Bookmark, type));
        Assert.NotEmpty(types);
    }

    [Fact]
    public async Task Preconditions_refusals_and_nulls()
    {
        var made = await CreateAsync("writes", "writes", Cancelled);
        Assert.True((await FailsAsync(() => CreateAsync("writes", "writes", Cancelled))).IsAlreadyExists);
        var stale = new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = "1" }, ["data"] = new JsonObject { ["a"] = "2" } };
        Assert.True((await FailsAsync(() => server.Api.MergePatchAsync(ApiResources.ConfigMaps, made.NamespacedName, null, stale, Cancelled))).IsConflict);
        var foreign = new JsonObject { ["metadata"] = new JsonObject { ["uid"] = "other" }, ["data"] = new JsonObject { ["a"] = "2" } };
        Assert.True((await FailsAsync(() => server.Api.MergePatchAsync(ApiResources.ConfigMaps, made.NamespacedName, null, foreign, Cancelled))).IsConflict);
        var cleared = await server.Api.MergePatchAsync(
            ApiResources.ConfigMaps, made.NamespacedName, null, new JsonObject { ["data"] = new JsonObject { ["a"] = null, ["b"] = "2" } }, Cancelled);
        Assert.Equal("""{"b":"2"}""", cleared.Json().GetProperty("data").GetRawText());
        Assert.True((await FailsAsync(() => server.Api.DeleteAsync(ApiResources.ConfigMaps, made.NamespacedName, new DeleteOptions("other"), Cancelled))).IsConflict);
        await server.Api.DeleteAsync(ApiResources.ConfigMaps, made.NamespacedName, new DeleteOptions(made.Uid), Cancelled);
        Assert.True((await FailsAsync(() => server.Api.GetAsync(ApiResources.ConfigMaps, made.NamespacedName, Cancelled))).IsNotFound);
        var invalid = await FailsAsync(() => server.Api.CreateAsync(ApiResources.Services, server.Namespace, new JsonObject { ["metadata"] = new JsonObject { ["name"] = "s" } }, Cancelled));
        Assert.True(invalid is { StatusCode: 422, IsInvalid: true });
        Assert.NotEmpty(invalid.Causes);
    }

    [Fact]
    public async Task Json_patch_with_a_test()
    {
        var made = await CreateAsync("json-patch", "writes", Cancelled);
        var patched = await server.Api.PatchAsync(
            ApiResources.ConfigMaps, made.NamespacedName, PatchType.Json, """[{"op":"test","path":"/data/a","value":"1"},{"op":"replace","path":"/data/a","value":"9"}]"""u8.ToArray(), null, Cancelled);
        Assert.Equal("9", patched.Json().GetProperty("data").GetProperty("a").GetString());
        await FailsAsync(() => server.Api.PatchAsync(ApiResources.ConfigMaps, made.NamespacedName, PatchType.Json, """[{"op":"test","path":"/data/a","value":"1"}]"""u8.ToArray(), null, Cancelled));
    }

    [Fact]
    public async Task Own_writes_are_seen_at_once_and_evicted_by_the_watch()
    {
        var informer = Run(new InformerDefinition<MetadataView>(ApiResources.ConfigMaps, MetadataView.Decode) { Namespaces = [server.Namespace], LabelSelector = "set=own" });
        await informer.Synced.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        var writer = new NotingWriter(server.Api, [informer]);
        for (var i = 0; i < 50; i++)
        {
            await writer.CreateAsync(ApiResources.ConfigMaps, server.Namespace, ConfigMap($"own-{i}", "own"), Cancelled);
            var seen = informer.Store.Get(Name($"own-{i}"));
            Assert.NotNull(seen);
            await writer.DeleteAsync(ApiResources.ConfigMaps, seen.NamespacedName, new DeleteOptions(seen.Uid), Cancelled);
            Assert.Null(informer.Store.Get(Name($"own-{i}")));
        }

        await writer.CreateAsync(ApiResources.ConfigMaps, server.Namespace, ConfigMap("own-last", "own"), Cancelled);
        await Waiting.UntilAsync(() => informer.Store.Count == 1, "the watch caught up");
        Assert.Equal(["own-last"], informer.Store.All().Select(view => view.NamespacedName.Name));
    }

    [Fact]
    public async Task A_delete_that_waits_for_a_finalizer_is_answered_with_the_object()
    {
        var informer = Run(new InformerDefinition<MetadataView>(ApiResources.ConfigMaps, MetadataView.Decode) { Namespaces = [server.Namespace], LabelSelector = "set=final" });
        var writer = new NotingWriter(server.Api, [informer]);
        var body = ConfigMap("final", "final");
        body["metadata"]!["finalizers"] = new JsonArray("example.dev/wait");
        await writer.CreateAsync(ApiResources.ConfigMaps, server.Namespace, body, Cancelled);
        var seen = informer.Store.Get(Name("final"))!;
        await writer.DeleteAsync(ApiResources.ConfigMaps, seen.NamespacedName, new DeleteOptions(seen.Uid), Cancelled);
        Assert.NotNull(informer.Store.Get(Name("final"))?.Meta.DeletionTimestamp);
        await writer.MergePatchAsync(ApiResources.ConfigMaps, seen.NamespacedName, null, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } }, Cancelled);
        await Waiting.UntilAsync(() => informer.Store.Get(Name("final")) is null, "gone");
    }

    [Fact]
    public async Task A_lease_is_taken_renewed_and_handed_over()
    {
        var options = new LeaderElectionOptions(Name("lease"), "one");
        var (one, oneGate) = Elector(options, seed: 1);
        var (two, twoGate) = Elector(options with { Identity = "two" }, seed: 2);
        await one.AcquireAsync(Cancelled);
        using var stopOne = new CancellationTokenSource();
        var keeping = one.KeepAsync(stopOne.Token);
        var waiting = two.AcquireAsync(Cancelled);
        await Task.Delay(TimeSpan.FromSeconds(5), Cancelled); // Two renewals long, nothing may change.
        Assert.True(oneGate.IsOpen);
        Assert.False(waiting.IsCompleted);
        await stopOne.CancelAsync();
        await keeping;
        await one.ReleaseAsync(Cancelled);
        await waiting.WaitAsync(TimeSpan.FromSeconds(5), Cancelled);
        Assert.True(twoGate.IsOpen);
        await two.ReleaseAsync(Cancelled);
    }

    [Fact]
    public async Task Events_are_accepted_and_counted()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var recorder = new EventRecorder(server.Api, "runtime-tests", time, NoMetrics.Instance, NullLogger<EventRecorder>.Instance);
        var subject = new EventSubject(ApiResources.ConfigMaps, Name("subject"), "some-uid");
        for (var i = 0; i < 2; i++)
        {
            recorder.Record(subject, EventType.Warning, "Tried", $"for the {i + 1}. time");
            await recorder.FlushAsync(Cancelled);
            time.Advance(EventRecorder.RepeatAfter);
        }

        var page = await server.Api.ListPageAsync(ApiResources.Events, new Scope(server.Namespace, FieldSelector: "reason=Tried"), 10, null, Cancelled);
        var stored = new ApiAnswer(Assert.Single(page.Items)).Json();
        Assert.Equal((2, "for the 2. time"), (stored.GetProperty("count").GetInt32(), stored.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task A_resource_that_is_not_served_is_said_to_be_so()
    {
        var informer = Run(new InformerDefinition<MetadataView>(new ApiResource("scheduling.example.dev", "v1", "podgroups", "PodGroup"), MetadataView.Decode) { Required = false });
        await informer.Synced.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        Assert.Equal(Availability.NotServed, informer.Availability);
    }

    internal static JsonObject ConfigMap(string name, string set) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["set"] = set } },
        ["data"] = new JsonObject { ["a"] = "1" },
    };

    private static JsonObject Labels(string set) => new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["set"] = set } } };

    private static Task<KubeApiException> FailsAsync(Func<Task> call) => Assert.ThrowsAsync<KubeApiException>(call);

    private async Task<MetadataView> CreateAsync(string name, string set, CancellationToken cancellationToken) =>
        MetadataView.Decode((await server.Api.CreateAsync(ApiResources.ConfigMaps, server.Namespace, ConfigMap(name, set), cancellationToken)).Body.Span);

    private Informer<MetadataView> Run(InformerDefinition<MetadataView> definition)
    {
        var informer = new Informer<MetadataView>(
            definition, server.Watches, TimeProvider.System, new Random(5), NoMetrics.Instance, NullLogger<Informer<MetadataView>>.Instance);
        _running.Add(informer.RunAsync(_stop.Token));
        return informer;
    }

    private (LeaderElector Elector, WriteGate Gate) Elector(LeaderElectionOptions options, int seed)
    {
        var gate = new WriteGate(TimeProvider.System, options.RenewDeadline);
        return (new LeaderElector(server.Api, options, gate, TimeProvider.System, new Random(seed), NoMetrics.Instance, NullLogger<LeaderElector>.Instance), gate);
    }

    private NamespacedName Name(string name) => new(server.Namespace, name);
}
