using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Events;
using GrpoOperator.KubeRuntime.Leadership;
using GrpoOperator.KubeRuntime.Tests.Fake;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace GrpoOperator.KubeRuntime.Tests.Events;

public sealed class EventRecorderTests : IAsyncLifetime
{
    private static readonly EventSubject Job = new(new ApiResource("example.dev", "v1", "jobs", "Job"), new NamespacedName("ns", "train"), "uid-1");
    private readonly FakeTimeProvider _time = new();
    private readonly RecordedMetrics _metrics = new();
    private FakeKube _kube = null!;
    private EventRecorder _recorder = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _kube = await FakeKube.StartAsync();
        _recorder = New(_kube.Client());
    }

    public ValueTask DisposeAsync() => _kube.DisposeAsync();

    [Fact]
    public async Task An_event_is_written_as_kubectl_shows_it()
    {
        _recorder.Record(Job, EventType.Warning, "TrainerFailed", "exit code 7", "3");
        await _recorder.FlushAsync(Cancelled);
        var written = Assert.Single(_kube.All(ApiResources.Events));
        Assert.StartsWith("train.", (string)written["metadata"]!["name"]!, StringComparison.Ordinal);
        Assert.Equal("ns", (string)written["metadata"]!["namespace"]!);
        Assert.Equal(("Warning", "TrainerFailed", "exit code 7", 1), ((string)written["type"]!, (string)written["reason"]!, (string)written["message"]!, (int)written["count"]!));
        Assert.Equal(("Job", "example.dev/v1", "uid-1"), ((string)written["involvedObject"]!["kind"]!, (string)written["involvedObject"]!["apiVersion"]!, (string)written["involvedObject"]!["uid"]!));
        Assert.Equal("op", (string)written["source"]!["component"]!);
        Assert.Equal("2000-01-01T00:00:00Z", (string)written["lastTimestamp"]!);
    }

    [Fact]
    public async Task The_same_event_is_written_once_and_counted_at_most_every_five_minutes()
    {
        for (var minute = 0; minute < 11; minute++)
        {
            _recorder.Record(Job, EventType.Normal, "Step", $"step {minute} of 100 on 10.0.0.{minute}");
            await _recorder.FlushAsync(Cancelled);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        var written = Assert.Single(_kube.All(ApiResources.Events));
        Assert.Equal(3, (int)written["count"]!);
        Assert.Equal("step 10 of 100 on 10.0.0.10", (string)written["message"]!);
        Assert.Equal("2000-01-01T00:10:00Z", (string)written["lastTimestamp"]!);
        Assert.Equal(2, _kube.Count("PATCH", "events"));
        Assert.Equal(3, _kube.Count("POST", "events"));
    }

    [Fact]
    public async Task A_second_leader_repeats_nothing()
    {
        _recorder.Record(Job, EventType.Normal, "Started", "incarnation started", "1");
        await _recorder.FlushAsync(Cancelled);
        var next = New(_kube.Client());
        next.Record(Job, EventType.Normal, "Started", "incarnation started", "1");
        await next.FlushAsync(Cancelled);
        Assert.Equal(1, (int)Assert.Single(_kube.All(ApiResources.Events))["count"]!);
        Assert.Equal(0, _kube.Count("PATCH", "events"));
    }

    [Theory]
    [InlineData("uid-2", "Started", "a", "1")]
    [InlineData("uid-1", "Stopped", "a", "1")]
    [InlineData("uid-1", "Started", "b", "1")]
    [InlineData("uid-1", "Started", "a", "2")]
    public void Another_object_reason_message_or_incarnation_is_another_event(string uid, string reason, string message, string discriminator) => Assert.NotEqual(
        EventName.Of(Job, EventType.Normal, "Started", "a", "1"), EventName.Of(Job with { Uid = uid }, EventType.Normal, reason, message, discriminator));

    [Theory]
    [InlineData("step 12 of 100", "step # of #")]
    [InlineData("pod 7f9c8d-x at 10.0.0.1:6379", "pod #-x at #.#.#.#:#")]
    [InlineData("deadbeef face 0xAB12", "deadbeef face #x#")]
    [InlineData("", "")]
    public void What_varies_in_a_message_does_not_count(string message, string @class) => Assert.Equal(@class, EventName.ClassOf(message));

    [Fact]
    public void Names_and_messages_fit()
    {
        var subject = Job with { NamespacedName = new NamespacedName("ns", new string('a', 235) + "." + new string('b', 17)) };
        Assert.InRange(EventName.Of(subject, EventType.Normal, "R", "m", "").Length, 200, 253);
        var fitted = EventName.Fit(string.Concat(Enumerable.Repeat("ein Satz mit Ümläuten 😀 ", 100)));
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(fitted), 1000, 1024);
        Assert.EndsWith("…", fitted, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(fitted)));
    }

    [Fact]
    public async Task Recording_never_blocks_and_the_oldest_go_first()
    {
        for (var i = 0; i < EventRecorder.Capacity + 10; i++)
            _recorder.Record(Job, EventType.Normal, "R", "m", $"{i}"); // Nobody writes meanwhile.
        Assert.Equal(10, _metrics.Count("event lost overflow"));
        await _recorder.FlushAsync(Cancelled);
        var names = _kube.All(ApiResources.Events).Select(written => (string)written["metadata"]!["name"]!).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(EventRecorder.Capacity, names.Count);
        Assert.DoesNotContain(EventName.Of(Job, EventType.Normal, "R", "m", "9"), names);
        Assert.Contains(EventName.Of(Job, EventType.Normal, "R", "m", "10"), names);
    }

    [Fact]
    public async Task A_refused_event_is_counted_and_the_next_goes_on()
    {
        _kube.Inject("POST", "events", Fault.Kind.Refuse, code: 403, reason: "Forbidden");
        _recorder.Record(Job, EventType.Normal, "One", "m");
        _recorder.Record(Job, EventType.Normal, "Two", "m");
        await _recorder.FlushAsync(Cancelled);
        Assert.Equal("Two", (string)Assert.Single(_kube.All(ApiResources.Events))["reason"]!);
        Assert.Equal(1, _metrics.Count("event lost refused"));
    }

    [Fact]
    public async Task Server_trouble_is_tried_again()
    {
        _kube.Inject("POST", "events", Fault.Kind.Refuse, code: 500, times: 2);
        _recorder.Record(Job, EventType.Normal, "One", "m");
        var flush = _recorder.FlushAsync(Cancelled);
        await _time.TurnAsync(TimeSpan.FromMilliseconds(100), () => flush.IsCompleted, "written");
        Assert.Single(_kube.All(ApiResources.Events));
    }

    [Fact]
    public async Task Who_does_not_lead_writes_no_event()
    {
        var gate = new WriteGate(_time, TimeSpan.FromSeconds(10));
        var client = _kube.Client();
        using var slots = new SemaphoreSlim(1);
        var recorder = New(new LimitedKubeApi(client, new GatedWriter(client, gate), slots));
        recorder.Record(Job, EventType.Normal, "One", "m");
        await recorder.FlushAsync(Cancelled);
        Assert.Empty(_kube.Requests);
        Assert.Equal(1, _metrics.Count("event lost not_leading"));
    }

    [Fact]
    public async Task An_event_about_a_cluster_scoped_object_goes_to_default()
    {
        _recorder.Record(new EventSubject(ApiResources.Nodes, new NamespacedName("", "n1"), "u"), EventType.Normal, "R", "m");
        await _recorder.FlushAsync(Cancelled);
        Assert.Equal("default", (string)Assert.Single(_kube.All(ApiResources.Events))["metadata"]!["namespace"]!);
    }

    [Fact]
    public async Task It_writes_in_the_background_until_stopped()
    {
        using var stop = new CancellationTokenSource();
        var running = _recorder.RunAsync(stop.Token);
        _recorder.Record(Job, EventType.Normal, "R", "m");
        await Waiting.UntilAsync(() => _kube.All(ApiResources.Events).Count == 1, "the event");
        await stop.CancelAsync();
        await running;
    }

    private EventRecorder New(IKubeApi api) => new(api, "op", _time, _metrics, NullLogger<EventRecorder>.Instance);
}
