using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using GrpoOperator.KubeRuntime.Tests.Fake;
using Microsoft.Extensions.Logging.Abstractions;

namespace GrpoOperator.KubeRuntime.Tests.Caches;

/// <summary>Own writes are noted by the writer itself; the informer in these tests never runs, as if its watch were far behind.</summary>
public sealed class NotingWriterTests : IAsyncLifetime
{
    private static readonly NamespacedName A = new("default", "a");
    private FakeKube _kube = null!;
    private Informer<PodView> _informer = null!;
    private NotingWriter _writer = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _kube = await FakeKube.StartAsync();
        _informer = Make(new InformerDefinition<PodView>(ApiResources.Pods, PodView.Decode));
        _writer = new NotingWriter(_kube.Client(), [_informer]);
    }

    public ValueTask DisposeAsync() => _kube.DisposeAsync();

    [Fact]
    public async Task Trap_stale_cache_a_second_reconcile_sees_what_the_first_created()
    {
        await _writer.CreateAsync(ApiResources.Pods, "default", PodView.Json("a"), Cancelled);
        Assert.NotNull(_informer.Store.Get(A));
    }

    [Fact]
    public async Task A_status_patch_is_seen()
    {
        _kube.Put(ApiResources.Pods, PodView.Json("a"));
        await _writer.MergePatchAsync(ApiResources.Pods, A, "status", new JsonObject { ["status"] = new JsonObject { ["phase"] = "Failed" } }, Cancelled);
        Assert.Equal("Failed", _informer.Store.Get(A)!.Phase);
    }

    [Fact]
    public async Task A_delete_that_takes_the_object_away_hides_it()
    {
        var uid = await CreatedAsync();
        await _writer.DeleteAsync(ApiResources.Pods, A, new DeleteOptions(uid), Cancelled);
        Assert.Null(_informer.Store.Get(A));
    }

    [Fact]
    public async Task A_delete_that_has_to_wait_for_a_finalizer_leaves_the_object_there()
    {
        var pod = PodView.Json("a");
        pod["metadata"]!["finalizers"] = new JsonArray("example.dev/wait");
        _kube.Put(ApiResources.Pods, pod);
        var uid = (string)_kube.Get(ApiResources.Pods, A)!["metadata"]!["uid"]!;
        await _writer.DeleteAsync(ApiResources.Pods, A, new DeleteOptions(uid), Cancelled);
        Assert.NotNull(_informer.Store.Get(A));
    }

    [Theory]
    [InlineData("""{"kind":"Status","status":"Success"}""", false)]
    [InlineData("""{"kind":"Pod","metadata":{"name":"a","namespace":"default","uid":"u","resourceVersion":"9"}}""", false)]
    [InlineData("""{"kind":"Pod","metadata":{"name":"a","namespace":"default","uid":"u","resourceVersion":"9","deletionTimestamp":"2026-01-02T03:04:05Z","deletionGracePeriodSeconds":0}}""", false)]
    [InlineData("""{"kind":"Pod","metadata":{"name":"a","namespace":"default","uid":"u","resourceVersion":"9","deletionTimestamp":"2026-01-02T03:04:05Z","deletionGracePeriodSeconds":30}}""", true)]
    [InlineData("""{"kind":"Pod","metadata":{"name":"a","namespace":"default","uid":"u","resourceVersion":"9","deletionTimestamp":"2026-01-02T03:04:05Z","finalizers":["x"]}}""", true)]
    public async Task The_answer_of_a_delete_says_whether_the_object_is_gone(string answer, bool isThere)
    {
        _informer.Store.Apply(new PodView(A, "u", "5", "Running", "j"));
        var writer = new NotingWriter(new OneAnswer(answer), [_informer]);
        await writer.DeleteAsync(ApiResources.Pods, A, new DeleteOptions("u"), Cancelled);
        Assert.Equal(isThere, _informer.Store.Get(A) is not null);
    }

    [Fact]
    public async Task A_delete_of_what_is_gone_or_replaced_hides_the_old_uid_too()
    {
        _informer.Store.Apply(new PodView(A, "old", "5", "Running", "j"));
        await Assert.ThrowsAsync<KubeApiException>(() => _writer.DeleteAsync(ApiResources.Pods, A, new DeleteOptions("old"), Cancelled));
        Assert.Null(_informer.Store.Get(A));
    }

    [Fact]
    public async Task A_cache_with_a_field_selector_takes_no_note()
    {
        var informer = Make(new InformerDefinition<PodView>(ApiResources.Pods, PodView.Decode) { FieldSelector = "spec.nodeName=x" });
        await new NotingWriter(_kube.Client(), [informer]).CreateAsync(ApiResources.Pods, "default", PodView.Json("a"), Cancelled);
        Assert.Null(informer.Store.Get(A));
    }

    [Fact]
    public async Task A_write_to_a_resource_without_a_cache_just_goes_through()
    {
        await _writer.CreateAsync(ApiResources.Services, "default", PodView.Json("a"), Cancelled);
        Assert.Null(_informer.Store.Get(A));
    }

    private async Task<string> CreatedAsync() =>
        (await _writer.CreateAsync(ApiResources.Pods, "default", PodView.Json("a"), Cancelled)).Json().GetProperty("metadata").GetProperty("uid").GetString()!;

    private Informer<PodView> Make(InformerDefinition<PodView> definition) =>
        new(definition, _kube.Client(), TimeProvider.System, new Random(1), NoMetrics.Instance, NullLogger<Informer<PodView>>.Instance);

    private sealed class OneAnswer(string answer) : IKubeWriter
    {
        private readonly Task<ApiAnswer> _answer = Task.FromResult(new ApiAnswer(System.Text.Encoding.UTF8.GetBytes(answer)));

        public Task<ApiAnswer> CreateAsync(ApiResource resource, string? @namespace, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) => _answer;

        public Task<ApiAnswer> PatchAsync(
            ApiResource resource, NamespacedName name, PatchType type, ReadOnlyMemory<byte> body, string? subresource, CancellationToken cancellationToken) => _answer;

        public Task<ApiAnswer> DeleteAsync(ApiResource resource, NamespacedName name, DeleteOptions options, CancellationToken cancellationToken) => _answer;
    }
}
