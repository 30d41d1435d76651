using System.Text;
using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Tests.Caches;
using GrpoOperator.KubeRuntime.Tests.Fake;
using Microsoft.Extensions.Time.Testing;

namespace GrpoOperator.KubeRuntime.Tests.Api;

public sealed class KubeApiTests : IAsyncLifetime
{
    private static readonly NamespacedName A = new("default", "a");
    private readonly FakeTimeProvider _time = new();
    private readonly RecordedMetrics _metrics = new();
    private FakeKube _kube = null!;
    private KubeApi _api = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _kube = await FakeKube.StartAsync();
        _api = _kube.Client(_time, _metrics);
    }

    public ValueTask DisposeAsync() => _kube.DisposeAsync();

    [Fact]
    public async Task Answers_carry_the_servers_time()
    {
        _kube.Put(ApiResources.Pods, PodView.Json("a"));
        var answer = await _api.GetAsync(ApiResources.Pods, A, Cancelled);
        Assert.Equal("a", answer.Json().GetProperty("metadata").GetProperty("name").GetString());
        Assert.NotNull(answer.ServerTime);
        Assert.Equal(1, _metrics.Count("request GET 200"));
    }

    [Fact]
    public async Task Trap_null_in_a_merge_patch_clears_the_field()
    {
        _kube.Put(ApiResources.Pods, PodView.Json("a"));
        await _api.MergePatchAsync(ApiResources.Pods, A, "status", new JsonObject { ["status"] = new JsonObject { ["phase"] = null } }, Cancelled);
        Assert.Null(_kube.Get(ApiResources.Pods, A)!["status"]!["phase"]);
        var request = _kube.Requests.Last();
        Assert.Equal(("PATCH", "application/merge-patch+json"), (request.Method, request.ContentType));
        Assert.Equal("""{"status":{"phase":null}}""", request.Body);
    }

    [Fact]
    public async Task Trap_conflict_not_found_and_already_exists_are_told_apart()
    {
        _kube.Put(ApiResources.Pods, PodView.Json("a"));
        var stale = new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = "1" } };
        Assert.True((await FailsAsync(() => _api.MergePatchAsync(ApiResources.Pods, A, null, stale, Cancelled))).IsConflict);
        var foreign = new JsonObject { ["metadata"] = new JsonObject { ["uid"] = "other" } };
        Assert.True((await FailsAsync(() => _api.MergePatchAsync(ApiResources.Pods, A, null, foreign, Cancelled))) is { StatusCode: 422, IsConflict: true, IsInvalid: false });
        Assert.True((await FailsAsync(() => _api.CreateAsync(ApiResources.Pods, "default", PodView.Json("a"), Cancelled))).IsAlreadyExists);
        Assert.True((await FailsAsync(() => _api.GetAsync(ApiResources.Pods, new NamespacedName("default", "none"), Cancelled))).IsNotFound);
    }

    [Fact]
    public async Task A_delete_names_the_uid_and_another_uid_is_a_conflict()
    {
        _kube.Put(ApiResources.Pods, PodView.Json("a"));
        var error = await FailsAsync(() => _api.DeleteAsync(ApiResources.Pods, A, new DeleteOptions("other"), Cancelled));
        Assert.True(error.IsConflict);
        var uid = (string)_kube.Get(ApiResources.Pods, A)!["metadata"]!["uid"]!;
        await _api.DeleteAsync(ApiResources.Pods, A, new DeleteOptions(uid, "77", DeletionPropagation.Foreground, 0), Cancelled);
        Assert.Null(_kube.Get(ApiResources.Pods, A));
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse($$$"""{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"uid":"{{{uid}}}","resourceVersion":"77"},"propagationPolicy":"Foreground","gracePeriodSeconds":0}"""),
            _kube.Requests.Last().Json));
    }

    [Fact]
    public async Task A_log_is_asked_for_exactly()
    {
        await _api.ReadPodLogAsync(
            A, new PodLogRequest("trainer", new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero), LimitBytes: 1048576, TailLines: 10, Previous: true, Timestamps: true), Cancelled);
        Assert.Equal(
            "/api/v1/namespaces/default/pods/a/log?container=trainer&sinceTime=2026-01-02T03%3A04%3A05Z&limitBytes=1048576&tailLines=10&previous=true&timestamps=true",
            _kube.Requests.Last().Target);
    }

    [Fact]
    public async Task Trap_retry_after_is_kept_centrally_and_nothing_is_sent_meanwhile()
    {
        _kube.Inject("GET", "pods", Fault.Kind.Refuse, code: 429, reason: "TooManyRequests", retryAfter: "7");
        var first = await FailsAsync(() => _api.GetAsync(ApiResources.Pods, A, Cancelled));
        Assert.Equal((429, TimeSpan.FromSeconds(7)), (first.StatusCode, first.RetryAfter));
        _time.Advance(TimeSpan.FromSeconds(3));
        var second = await FailsAsync(() => _api.CreateAsync(ApiResources.Services, "default", new JsonObject(), Cancelled));
        Assert.Equal((429, TimeSpan.FromSeconds(4)), (second.StatusCode, second.RetryAfter));
        Assert.Single(_kube.Requests);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.True((await FailsAsync(() => _api.GetAsync(ApiResources.Pods, A, Cancelled))).IsNotFound);
    }

    [Fact]
    public async Task Retry_after_of_503_counts_and_of_other_answers_does_not()
    {
        _kube.Inject("GET", "pods", Fault.Kind.Refuse, code: 500, retryAfter: "60");
        Assert.Equal(500, (await FailsAsync(() => _api.GetAsync(ApiResources.Pods, A, Cancelled))).StatusCode);
        _kube.Inject("GET", "pods", Fault.Kind.Refuse, code: 503, reason: "ServiceUnavailable", retryAfter: "60");
        Assert.Equal(503, (await FailsAsync(() => _api.GetAsync(ApiResources.Pods, A, Cancelled))).StatusCode);
        Assert.Equal(429, (await FailsAsync(() => _api.GetAsync(ApiResources.Pods, A, Cancelled))).StatusCode);
        Assert.Equal(2, _kube.Requests.Count);
    }

    [Fact]
    public async Task A_call_without_an_answer_ends_by_its_own_clock()
    {
        _kube.Inject("GET", "pods", Fault.Kind.Hang);
        var call = FailsAsync(() => _api.GetAsync(ApiResources.Pods, A, Cancelled));
        await Waiting.UntilAsync(() => _kube.Requests.Count == 1, "the request");
        _time.Advance(KubeApi.CallTimeout);
        var error = await call.WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
        Assert.Equal((0, KubeApiException.TimedOut), (error.StatusCode, error.Reason));
        Assert.True(error is { IsOutcomeUnknown: true, IsTransient: true });
        Assert.Equal(1, _metrics.Count("request GET 0"));
    }

    [Fact]
    public async Task The_callers_own_cancellation_is_no_timeout()
    {
        _kube.Inject("GET", "pods", Fault.Kind.Hang);
        using var stop = new CancellationTokenSource();
        var call = _api.GetAsync(ApiResources.Pods, A, stop.Token);
        await Waiting.UntilAsync(() => _kube.Requests.Count == 1, "the request");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task A_broken_connection_is_told_as_unreachable_and_the_outcome_as_unknown()
    {
        _kube.Inject("POST", "pods", Fault.Kind.CutAfterwards);
        var error = await FailsAsync(() => _api.CreateAsync(ApiResources.Pods, "default", PodView.Json("a"), Cancelled));
        Assert.Equal((0, KubeApiException.Unreachable), (error.StatusCode, error.Reason));
        Assert.True(error.IsOutcomeUnknown);
        Assert.NotNull(_kube.Get(ApiResources.Pods, A)); // And so it was.
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unreachable()
    {
        var api = new KubeApi(new HttpClient(), new Uri("http://127.0.0.1:9"), null, new Respite(_time), _time, NoMetrics.Instance);
        Assert.Equal(KubeApiException.Unreachable, (await FailsAsync(() => api.GetAsync(ApiResources.Pods, A, Cancelled))).Reason);
    }

    [Fact]
    public void Causes_of_a_422_are_read()
    {
        var error = StatusReading.ToException(
            """
            {"kind":"Status","status":"Failure","message":"Pod \"a\" is invalid","reason":"Invalid","code":422,"details":{"retryAfterSeconds":3,
            "causes":[{"reason":"FieldValueRequired","message":"Required value","field":"spec.containers"}]}}
            """u8);
        Assert.True(error.IsInvalid);
        Assert.Equal(new StatusCause("spec.containers", "FieldValueRequired", "Required value"), Assert.Single(error.Causes));
        Assert.Equal(TimeSpan.FromSeconds(3), error.RetryAfter);
    }

    [Fact]
    public void What_a_proxy_says_instead_of_a_status_is_kept_short()
    {
        var error = StatusReading.ToException(Encoding.UTF8.GetBytes("<html>" + new string('x', 5000)), httpCode: 502);
        Assert.Equal((502, "Unknown", 200), (error.StatusCode, error.Reason, error.Message.Length));
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task No_more_than_32_requests_are_in_flight()
    {
        _kube.Inject("GET", "pods", Fault.Kind.Hang, times: 1000);
        using var slots = new SemaphoreSlim(LimitedKubeApi.InFlight);
        using var stop = new CancellationTokenSource();
        var limited = new LimitedKubeApi(_api, _api, slots);
        var calls = Enumerable.Range(0, 100).Select(_ => limited.GetAsync(ApiResources.Pods, A, stop.Token)).ToList();
        await Waiting.UntilAsync(() => _kube.Requests.Count == 32, "32 requests");
        await Task.Delay(TimeSpan.FromMilliseconds(50), Cancelled); // Time for a 33rd, which must not come.
        Assert.Equal(32, _kube.Requests.Count);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(calls));
        Assert.Equal(32, slots.CurrentCount);
    }

    [Theory]
    [InlineData("", "v1", true, "default", "api/v1/namespaces/default/things/a/status")]
    [InlineData("g.io", "v1", true, "default", "apis/g.io/v1/namespaces/default/things/a/status")]
    [InlineData("g.io", "v1", false, "", "apis/g.io/v1/things/a/status")]
    public void Paths_are_the_api_servers(string group, string version, bool namespaced, string @namespace, string path) =>
        Assert.Equal(path, new ApiResource(group, version, "things", "Thing", namespaced).ObjectPath(new NamespacedName(@namespace, "a"), "status"));

    private static Task<KubeApiException> FailsAsync(Func<Task> call) => Assert.ThrowsAsync<KubeApiException>(call);
}
