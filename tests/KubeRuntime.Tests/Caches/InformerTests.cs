using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using GrpoOperator.KubeRuntime.Tests.Fake;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace GrpoOperator.KubeRuntime.Tests.Caches;

/// <summary>Every way in which a list or a watch is known to go wrong, against the fake server.</summary>
public sealed class InformerTests : IAsyncLifetime
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly FakeTimeProvider _time = new();
    private readonly RecordedMetrics _metrics = new();
    private readonly ConcurrentQueue<(string Name, string What, bool Initial)> _told = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private FakeKube _kube = null!;

    public async ValueTask InitializeAsync() => _kube = await FakeKube.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running).WaitAsync(TimeSpan.FromSeconds(20));
        await _kube.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Lists_then_watches_and_tells_what_is_initial()
    {
        Put("a");
        var informer = await StartAsync();
        Put("b");
        await SeesAsync(informer, "a", "b");
        Put("a", "Running");
        await Waiting.UntilAsync(() => informer.Store.Get(Name("a"))?.Phase == "Running", "a's change");
        _kube.Delete(ApiResources.Pods, Name("b"));
        await SeesAsync(informer, "a");
        await Waiting.UntilAsync(() => _told.Count == 4, "four changes");
        Assert.Equal([("a", "new", true), ("b", "new", false), ("a", "changed", false), ("b", "gone", false)], _told);
        Assert.Equal(Availability.Available, informer.Availability);
    }

    [Fact]
    public async Task Two_thousand_objects_are_listed_in_pages_of_five_hundred()
    {
        for (var i = 0; i < 2001; i++)
            Put($"p{i}");
        var informer = await StartAsync();
        Assert.Equal(2001, informer.Store.Count);
        Assert.Equal(5, _kube.Count("GET", "limit=500"));
        Assert.Equal(1, _kube.Requests.Count(request => request.Target.Contains("limit=500", StringComparison.Ordinal) && !request.Target.Contains("continue", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Trap_410_in_the_stream_lists_from_scratch_and_diffs()
    {
        Put("kept");
        Put("missed");
        var informer = await StartAsync();
        var listed = _kube.Requests.Count;
        _kube.ForgetWatches(); // From here on the stream tells nothing.
        _kube.Delete(ApiResources.Pods, Name("missed"));
        Put("new");
        await RestartServerSideAsync();
        await SeesAsync(informer, "kept", "new");
        Assert.Contains(("missed", "gone", false), _told);
        Assert.Contains(("new", "new", false), _told);
        Assert.DoesNotContain(_told, change => change.Name == "kept" && !change.Initial);
        Assert.DoesNotContain(_kube.Requests.Skip(listed), request => request.Target.Contains("limit=", StringComparison.Ordinal) && request.Target.Contains("resourceVersion", StringComparison.Ordinal));
        Assert.Equal(1, _metrics.Count("restart pods gone"));
    }

    [Fact]
    public async Task Trap_410_as_http_answer_to_the_watch_lists_from_scratch()
    {
        Put("a");
        var informer = await StartAsync();
        _kube.Inject("GET", "watch=true", Fault.Kind.Refuse, code: 410, reason: "Expired");
        _kube.CutWatches();
        await TurnAsync(() => _kube.Count("GET", "limit=500") == 2 && _kube.Watching == 1, "a second list");
        Assert.Equal(1, _metrics.Count("restart pods gone"));
        await SeesAsync(informer, "a");
    }

    [Fact]
    public async Task Trap_410_on_a_continue_token_starts_over_and_deletes_nothing()
    {
        for (var i = 0; i < 700; i++)
            Put($"p{i}");
        _kube.Inject("GET", "continue=", Fault.Kind.Refuse, code: 410, reason: "Expired");
        var informer = await StartAsync();
        Assert.Equal(700, informer.Store.Count);
        Assert.Equal(700, _told.Count);
        Assert.Equal(2, _kube.Requests.Count(request => request.Target.Contains("limit=500", StringComparison.Ordinal) && !request.Target.Contains("continue", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Trap_paged_relist_deletes_only_after_the_last_page()
    {
        for (var i = 0; i < 700; i++)
            Put($"p{i:000}");
        var informer = await StartAsync();
        _kube.Delete(ApiResources.Pods, Name("p001"));
        await Waiting.UntilAsync(() => informer.Store.Count == 699, "the deletion");
        var told = _told.Count;
        _kube.Inject("GET", "continue=", Fault.Kind.Hang);
        await RestartServerSideAsync(waitForWatch: false);
        await TurnAsync(() => _kube.Count("GET", "continue=") == 2, "the second page asked for");
        Assert.Equal(699, informer.Store.Count);
        Assert.Equal(told, _told.Count);
    }

    [Fact]
    public async Task Trap_dropped_connection_goes_on_from_the_last_version_without_a_list()
    {
        Put("a");
        var informer = await StartAsync();
        _kube.CutWatches();
        Put("b"); // Missed by the broken stream, told by the next.
        await TurnAsync(() => informer.Store.Count == 2, "b");
        Assert.Equal(1, _kube.Count("GET", "limit=500"));
        Assert.Equal(1, _metrics.Count("restart pods disconnected"));
    }

    [Fact]
    public async Task Trap_bookmark_moves_the_version_and_stores_nothing()
    {
        Put("a");
        var informer = await StartAsync();
        _kube.Bookmark();
        var bookmark = Version() + 1; // The fake gave the bookmark this version.
        await Waiting.SettleAsync();
        await TurnAsync(
            () =>
            {
                _kube.EndWatches();
                return _kube.Requests.Any(request => request.Target.Contains($"resourceVersion={bookmark}", StringComparison.Ordinal));
            },
            "a watch from the bookmark");
        Assert.Equal(1, informer.Store.Count);
        Assert.Single(_told);
    }

    [Fact]
    public async Task Trap_events_told_late_or_twice_bring_nothing_back()
    {
        Put("a");
        var added = new JsonObject { ["type"] = "ADDED", ["object"] = _kube.Get(ApiResources.Pods, Name("a")) }.ToJsonString();
        var informer = await StartAsync();
        _kube.Delete(ApiResources.Pods, Name("a"));
        await SeesAsync(informer);
        _kube.Send(added);
        Put("b"); // Told after the repeated line: once it is seen, so was that.
        await SeesAsync(informer, "b");
        Assert.Equal(3, _told.Count);
    }

    [Fact]
    public async Task Trap_server_that_ends_every_stream_at_once_is_not_hammered()
    {
        await StartAsync();
        var turned = await _time.TurnAsync(
            Step,
            () =>
            {
                _kube.EndWatches();
                return _kube.Count("GET", "watch=true") >= 8;
            },
            "eight watches");
        Assert.True(turned > TimeSpan.FromSeconds(5), $"eight watches within {turned}");
    }

    [Fact]
    public async Task A_stream_that_lived_is_opened_again_at_once()
    {
        var informer = await StartAsync();
        Put("a");
        await SeesAsync(informer, "a"); // The stream is open on this side too.
        _time.Advance(TimeSpan.FromSeconds(6));
        _kube.EndWatches();
        await Waiting.UntilAsync(() => _kube.Count("GET", "watch=true") == 2, "the next watch");
        Assert.Equal(1, _metrics.Count("restart pods ended"));
    }

    [Fact]
    public async Task Trap_silent_death_is_noticed_after_the_servers_time_and_a_bit()
    {
        var informer = await StartAsync(apiTime: _time);
        var asked = Seconds(_kube.Requests.First(request => request.Target.Contains("watch=true", StringComparison.Ordinal)).Target);
        Assert.InRange(asked, 240, 300);
        Put("seen");
        await SeesAsync(informer, "seen"); // The stream is open on this side too.
        _kube.ForgetWatches();
        Put("missed");
        _time.Advance(TimeSpan.FromSeconds(asked + 29));
        await Waiting.SettleAsync();
        Assert.Equal(0, _metrics.Count("restart pods timed_out"));
        _time.Advance(TimeSpan.FromSeconds(1));
        await Waiting.UntilAsync(() => _metrics.Count("restart pods timed_out") == 1, "the end of patience");
        await _time.TurnAsync(TimeSpan.FromMilliseconds(10), () => informer.Store.Count == 2, "what was missed");
    }

    [Fact]
    public async Task Trap_poison_object_spoils_neither_list_nor_watch_and_is_told()
    {
        List<Undecodable> undecodable = [];
        Put("good");
        Put("bad", "7");
        _kube.Change(ApiResources.Pods, Name("bad"), pod => pod["status"]!["phase"] = 7);
        var informer = await StartAsync(definition => definition with { OnUndecodable = undecodable.Add });
        await SeesAsync(informer, "good");
        Assert.Equal(("bad", ApiResources.Pods), (Assert.Single(undecodable).NamespacedName.Name, undecodable[0].Resource));
        Assert.Equal(1, _metrics.Count("undecodable pods"));

        _kube.Change(ApiResources.Pods, Name("good"), pod => pod["status"]!["phase"] = new JsonArray());
        Put("other");
        await SeesAsync(informer, "good", "other"); // The last readable version stays.
        Assert.Equal(2, undecodable.Count);
        _kube.Delete(ApiResources.Pods, Name("good"));
        await SeesAsync(informer, "other");
    }

    [Fact]
    public async Task Trap_poison_object_survives_a_relist_with_its_last_readable_version()
    {
        Put("a", "Running");
        var informer = await StartAsync();
        _kube.Change(ApiResources.Pods, Name("a"), pod => pod["status"]!["phase"] = 7);
        await Waiting.UntilAsync(() => _metrics.Count("undecodable pods") == 1, "the poison");
        await RestartServerSideAsync();
        Assert.Equal("Running", informer.Store.Get(Name("a"))?.Phase);
        Assert.DoesNotContain(_told, change => change.What == "gone");
    }

    [Fact]
    public async Task Trap_too_many_requests_waits_as_long_as_the_server_asks()
    {
        _kube.Inject("GET", "limit=500", Fault.Kind.Refuse, code: 429, reason: "TooManyRequests", retryAfter: "40");
        var informer = Make();
        Run(informer);
        await Waiting.UntilAsync(() => _metrics.Count("restart pods throttled") == 1, "the refusal");
        _time.Advance(TimeSpan.FromSeconds(39));
        await Waiting.SettleAsync();
        Assert.Equal(1, _kube.Count("GET", "limit=500"));
        Assert.Equal(1, _metrics.Count("restart pods throttled")); // It didn't even try.
        Assert.False(informer.Synced.IsCompleted);
    }

    [Fact]
    public async Task Trap_server_trouble_is_waited_out_ever_longer_with_jitter()
    {
        _kube.Inject("GET", "limit=500", Fault.Kind.Refuse, times: 6);
        var informer = Make();
        Run(informer);
        var turned = await _time.TurnAsync(TimeSpan.FromMilliseconds(20), () => informer.Synced.IsCompleted, "synced");
        Assert.InRange(turned, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(50.4 + 5));
        Assert.Equal(6, _metrics.Count("restart pods refused"));
    }

    [Fact]
    public async Task A_missing_right_switches_an_optional_cache_off_and_is_tried_again_slowly()
    {
        _kube.Inject("GET", "limit=500", Fault.Kind.Refuse, times: 2, code: 403, reason: "Forbidden");
        Put("a");
        var informer = Make(definition => definition with { Required = false });
        Run(informer);
        await informer.Synced.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(Availability.Forbidden, informer.Availability);
        await _time.TurnAsync(TimeSpan.FromSeconds(1), () => informer.Availability == Availability.Available, "the right granted");
        await SeesAsync(informer, "a");
    }

    [Fact]
    public async Task A_resource_that_is_not_served_fails_nobody_else()
    {
        var missing = new ApiResource("scheduling.example", "v1", "podgroups", "PodGroup");
        _kube.Inject("GET", "podgroups", Fault.Kind.Refuse, times: 100, code: 404, reason: "NotFound");
        var optional = Make(definition => definition with { Resource = missing, Required = false, Name = "podgroups" });
        var required = Make();
        Run(optional);
        Run(required);
        await Task.WhenAll(optional.Synced, required.Synced).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(Availability.NotServed, optional.Availability);
        Assert.Equal(Availability.Available, required.Availability);
    }

    [Fact]
    public async Task A_required_cache_without_its_right_never_counts_as_synced()
    {
        _kube.Inject("GET", "limit=500", Fault.Kind.Refuse, times: 1, code: 403, reason: "Forbidden");
        var informer = Make();
        Run(informer);
        await Waiting.UntilAsync(() => informer.Availability == Availability.Forbidden, "forbidden");
        Assert.False(informer.Synced.IsCompleted);
    }

    [Fact]
    public async Task A_right_taken_away_leaves_what_was_seen_and_deletes_nothing()
    {
        Put("a");
        var informer = await StartAsync();
        _kube.Inject("GET", "pods", Fault.Kind.Refuse, times: 3, code: 403, reason: "Forbidden");
        _kube.CutWatches();
        await TurnAsync(() => informer.Availability == Availability.Forbidden, "forbidden");
        Assert.NotNull(informer.Store.Get(Name("a")));
        await _time.TurnAsync(TimeSpan.FromSeconds(1), () => informer.Availability == Availability.Available, "granted again");
        Assert.Single(_told);
    }

    [Fact]
    public async Task A_version_that_the_server_refuses_for_ever_is_given_up()
    {
        Put("a");
        var informer = await StartAsync();
        _kube.Inject("GET", "watch=true", Fault.Kind.Refuse, times: 5, code: 504, reason: "Timeout");
        _kube.CutWatches();
        await _time.TurnAsync(TimeSpan.FromMilliseconds(200), () => _kube.Count("GET", "limit=500") == 2 && _kube.Watching == 1, "a new list");
        await SeesAsync(informer, "a");
    }

    [Fact]
    public async Task Several_namespaces_are_several_scopes_of_one_store()
    {
        Put("a", @namespace: "x");
        Put("b", @namespace: "y");
        Put("c", @namespace: "z");
        var informer = await StartAsync(definition => definition with { Namespaces = ["x", "y"] });
        Assert.Equal(["a", "b"], informer.Store.All().Select(view => view.NamespacedName.Name).Order(StringComparer.Ordinal));
        Assert.Equal(2, _kube.Count("GET", "limit=500"));
        Put("d", @namespace: "y");
        await Waiting.UntilAsync(() => informer.Store.Count == 3, "d");
    }

    [Fact]
    public async Task Selectors_and_metadata_only_are_asked_of_the_server()
    {
        Put("mine", job: "x");
        Put("other", job: "y");
        var informer = await StartAsync(definition => definition with { LabelSelector = "job=x", FieldSelector = "spec.nodeName=n", MetadataOnly = true });
        await SeesAsync(informer, "mine");
        Assert.Equal("", informer.Store.Get(Name("mine"))!.Phase); // The status stayed at the server.
        Assert.All(_kube.Requests, request => Assert.Contains("labelSelector=job%3Dx&fieldSelector=spec.nodeName%3Dn", request.Target, StringComparison.Ordinal));
        Assert.All(_kube.Requests, request => Assert.Contains("as=PartialObjectMetadata", request.Accept, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_decoder_calls_foreign_is_treated_as_outside_the_scope()
    {
        Put("a");
        var informer = await StartAsync();
        _kube.Change(ApiResources.Pods, Name("a"), pod => pod["metadata"]!["labels"]!["foreign"] = "yes");
        await Waiting.UntilAsync(() => informer.Store.Count == 0, "a out of sight");
        Assert.Equal(("a", "gone", false), _told.Last());
    }

    [Fact]
    public async Task A_subscriber_that_throws_does_not_stop_the_watch()
    {
        var informer = Make();
        informer.Store.Subscribe(change => throw new InvalidOperationException("defect"));
        Put("a");
        Run(informer);
        await _time.TurnAsync(Step, () => informer.Store.Count == 1 && _kube.Watching == 1, "synced all the same");
        Put("b");
        await TurnAsync(() => informer.Store.Count == 2, "b");
    }

    [Fact]
    public async Task An_own_write_that_never_shows_is_asked_for()
    {
        var informer = await StartAsync();
        _kube.ForgetWatches();
        Put("ours", "Running");
        informer.Wrote(PodBytes("ours", (string)_kube.Get(ApiResources.Pods, Name("ours"))!["metadata"]!["uid"]!, version: "999999"));
        Assert.Equal("Pending", informer.Store.Get(Name("ours"))?.Phase);
        await _time.TurnAsync(TimeSpan.FromSeconds(1), () => _kube.Count("GET", "/pods/ours") == 1, "the question");
        _kube.Delete(ApiResources.Pods, Name("ours"));
        await _time.TurnAsync(TimeSpan.FromSeconds(1), () => informer.Store.Get(Name("ours")) is null, "the answer: gone");
        Assert.InRange(_kube.Count("GET", "/pods/ours"), 2, 20);
    }

    [Fact]
    public async Task Steady_state_costs_no_request()
    {
        Put("a");
        await StartAsync();
        var before = _kube.Requests.Count;
        for (var i = 0; i < 20; i++)
            _time.Advance(TimeSpan.FromSeconds(10));
        await Waiting.SettleAsync();
        Assert.Equal(before, _kube.Requests.Count);
    }

    private static byte[] PodBytes(string name, string uid, string version)
    {
        var pod = PodView.Json(name);
        pod["metadata"]!["uid"] = uid;
        pod["metadata"]!["resourceVersion"] = version;
        return pod.Utf8().ToArray();
    }

    private static NamespacedName Name(string name) => new("default", name);

    private static int Seconds(string target) => int.Parse(target.Split("timeoutSeconds=")[1].Split('&')[0], System.Globalization.CultureInfo.InvariantCulture);

    private long Version() => _kube.All(ApiResources.Pods).Max(pod => long.Parse((string)pod["metadata"]!["resourceVersion"]!, System.Globalization.CultureInfo.InvariantCulture));

    private void Put(string name, string phase = "Pending", string job = "j", string @namespace = "default") =>
        _kube.Put(ApiResources.Pods, PodView.Json(name, phase, job, @namespace));

    private Informer<PodView> Make(Func<InformerDefinition<PodView>, InformerDefinition<PodView>>? with = null, TimeProvider? apiTime = null)
    {
        var definition = new InformerDefinition<PodView>(ApiResources.Pods, PodView.Decode);
        var informer = new Informer<PodView>(
            with?.Invoke(definition) ?? definition, _kube.Client(apiTime), _time, new Random(3), _metrics, NullLogger<Informer<PodView>>.Instance);
        informer.Store.Subscribe(change =>
            _told.Enqueue((change.View.NamespacedName.Name, change.Old is null ? "new" : change.New is null ? "gone" : "changed", change.Initial)));
        return informer;
    }

    private void Run(Informer<PodView> informer) => _running.Add(informer.RunAsync(_stop.Token));

    private async Task<Informer<PodView>> StartAsync(Func<InformerDefinition<PodView>, InformerDefinition<PodView>>? with = null, TimeProvider? apiTime = null)
    {
        var informer = Make(with, apiTime);
        Run(informer);
        var scopes = Math.Max(1, informer.Definition.Namespaces.Length);
        await _time.TurnAsync(TimeSpan.FromMilliseconds(apiTime is null ? 50 : 0), () => informer.Synced.IsCompleted && _kube.Watching == scopes, "synced and watching");
        return informer;
    }

    /// <summary>What a restart of the server is to a client: the stream breaks, and old versions are gone.</summary>
    private async Task RestartServerSideAsync(bool waitForWatch = true)
    {
        var lists = _kube.Count("GET", "limit=500");
        _kube.Compact();
        _kube.Cut();
        if (waitForWatch)
            await TurnAsync(() => _kube.Count("GET", "limit=500") > lists && _kube.Requests.Last().Target.Contains("watch=true", StringComparison.Ordinal), "listed and watching again");
    }

    private async Task TurnAsync(Func<bool> condition, string what) => await _time.TurnAsync(Step, condition, what);

    private static Task SeesAsync(Informer<PodView> informer, params string[] names) => Waiting.UntilAsync(
        () => informer.Store.All().Select(view => view.NamespacedName.Name).Order(StringComparer.Ordinal).SequenceEqual(names, StringComparer.Ordinal),
        "exactly " + string.Join(", ", names));
}
