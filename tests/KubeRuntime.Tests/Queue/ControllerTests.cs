using System.Collections.Concurrent;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using GrpoOperator.KubeRuntime.Leadership;
using GrpoOperator.KubeRuntime.Queue;
using GrpoOperator.KubeRuntime.Tests.Caches;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace GrpoOperator.KubeRuntime.Tests.Queue;

public sealed class ControllerTests : IAsyncLifetime
{
    private static readonly NamespacedName A = new("default", "a");
    private readonly FakeTimeProvider _time = new();
    private readonly RecordedMetrics _metrics = new();
    private readonly Store<PodView> _store;
    private readonly Scripted _reconciler = new();
    private readonly Controller _controller;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private Task _running = Task.CompletedTask;

    public ControllerTests()
    {
        _store = new Store<PodView>(_time);
        _controller = new Controller(
            "test", _reconciler, new ControllerOptions { Workers = 2, Resync = TimeSpan.FromHours(10) }, _time, new Random(1), _metrics, NullLogger<Controller>.Instance);
        _controller.Watch(_store, (change, enqueue) => enqueue(change.View.NamespacedName, Lane.Child));
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _abort.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(20));
        _controller.Dispose();
        _stop.Dispose();
        _abort.Dispose();
    }

    [Fact]
    public async Task Nothing_runs_before_it_leads_and_then_all_that_is_there()
    {
        _store.Apply(StoreTests.Pod("a", 1));
        _store.Apply(StoreTests.Pod("b", 2));
        _store.Remove(StoreTests.Name("b"), "b");
        await Waiting.SettleAsync();
        Assert.Equal(0, _metrics.Count("added test"));
        Start();
        await RunsAsync(1);
        Assert.Equal(["default/a"], _reconciler.Runs.Select(run => run.ToString()));
    }

    [Fact]
    public async Task Trap_resync_stampede_a_users_change_overtakes_a_leaders_start()
    {
        for (var i = 0; i < 100; i++)
            _store.Apply(StoreTests.Pod($"old-{i}", i + 1));
        var gate = new TaskCompletionSource<ReconcileResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _reconciler.Script = _ => gate.Task;
        Start();
        await RunsAsync(2); // Both workers are busy with old ones.
        _controller.Enqueue(A, Lane.Urgent);
        gate.SetResult(ReconcileResult.Done);
        await RunsAsync(101);
        Assert.InRange(_reconciler.Runs.ToList().IndexOf(A), 2, 3);
    }

    [Fact]
    public async Task Trap_a_thousand_child_events_are_a_few_runs()
    {
        Start();
        for (var i = 1; i <= 1000; i++)
            _store.Apply(StoreTests.Pod("a", i, phase: $"{i}"));
        await RunsAsync(1);
        await Waiting.SettleAsync();
        Assert.InRange(_reconciler.Runs.Count, 1, 2);
    }

    [Fact]
    public async Task Trap_an_exception_is_contained_and_the_key_tried_again_for_ever()
    {
        _reconciler.Script = _ => throw new InvalidOperationException("defect");
        Start();
        _controller.Enqueue(A, Lane.Urgent);
        await _time.TurnAsync(TimeSpan.FromSeconds(10), () => _reconciler.Runs.Count >= 12, "twelve tries");
        Assert.True(_metrics.Count("reconciled Error") >= 11);
        _reconciler.Script = _ => Task.FromResult(ReconcileResult.Done);
        await _time.TurnAsync(TimeSpan.FromSeconds(10), () => _metrics.Count("reconciled Success") == 1, "success");
    }

    [Fact]
    public async Task Trap_409_is_no_error_and_comes_again_soon()
    {
        var first = true;
        _reconciler.Script = _ => first ? throw Once(new KubeApiException(409, "Conflict", "modified")) : Task.FromResult(ReconcileResult.Done);
        Start();
        _controller.Enqueue(A, Lane.Child);
        var turned = await _time.TurnAsync(TimeSpan.FromMilliseconds(20), () => _reconciler.Runs.Count == 2, "the second run");
        Assert.InRange(turned.TotalMilliseconds, 0, 250);
        Assert.Equal(0, _metrics.Count("reconciled Error"));
        Assert.Equal(1, _metrics.Count("reconciled Requeue"));

        Exception Once(Exception e)
        {
            first = false;
            return e;
        }
    }

    [Fact]
    public async Task Trap_429_frees_the_worker_until_the_server_will_have_us()
    {
        var refused = false;
        _reconciler.Script = _ =>
        {
            if (refused)
                return Task.FromResult(ReconcileResult.Done);
            refused = true;
            throw new KubeApiException(429, "TooManyRequests", "later", TimeSpan.FromSeconds(30));
        };
        Start();
        _controller.Enqueue(A, Lane.Child);
        await RunsAsync(1);
        _controller.Enqueue(new NamespacedName("default", "b"), Lane.Child);
        await RunsAsync(2);
        var turned = await _time.TurnAsync(TimeSpan.FromMilliseconds(200), () => _reconciler.Runs.Count == 3, "the second try");
        Assert.InRange(turned.TotalSeconds, 29.5, 32);
    }

    [Fact]
    public async Task A_write_held_back_by_the_gate_is_no_error()
    {
        _reconciler.Script = _ => throw new WriteRefusedException();
        Start();
        _controller.Enqueue(A, Lane.Child);
        await Waiting.UntilAsync(() => _metrics.Count("reconciled Requeue") == 1, "the run");
        Assert.Equal(0, _metrics.Count("reconciled Error"));
    }

    [Fact]
    public async Task It_looks_again_when_asked_to_and_the_newest_wish_counts()
    {
        var wishes = new Queue<double>([60, 5]);
        _reconciler.Script = _ => Task.FromResult(ReconcileResult.At(wishes.TryDequeue(out var seconds) ? _time.GetUtcNow().AddSeconds(seconds) : null));
        Start();
        _controller.Enqueue(A, Lane.Child);
        await RunsAsync(1);
        _controller.Enqueue(A, Lane.Urgent);
        await RunsAsync(2);
        await Waiting.UntilAsync(() => _metrics.Count("reconciled RequeueAfter") == 2, "both ended");
        var turned = await _time.TurnAsync(TimeSpan.FromSeconds(0.5), () => _reconciler.Runs.Count == 3, "the look");
        Assert.InRange(turned.TotalSeconds, 4.5, 6);
        await Waiting.UntilAsync(() => _metrics.Count("reconciled Success") == 1, "the end");
        _time.Advance(TimeSpan.FromMinutes(5));
        await Waiting.SettleAsync();
        Assert.Equal(3, _reconciler.Runs.Count);
    }

    [Fact]
    public async Task Trap_a_reconcile_that_hangs_is_cancelled_and_seen_meanwhile()
    {
        _reconciler.Script = token => Task.Delay(Timeout.InfiniteTimeSpan, token).ContinueWith<ReconcileResult>(_ => throw new OperationCanceledException(token), TaskScheduler.Default);
        Start();
        _controller.Enqueue(A, Lane.Child);
        await RunsAsync(1);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.InRange(_controller.LongestRunning.TotalSeconds, 59, 61);
        _time.Advance(TimeSpan.FromMinutes(1));
        await Waiting.UntilAsync(() => _metrics.Count("reconciled Error") == 1, "the end of patience");
        Assert.Equal(TimeSpan.Zero, _controller.LongestRunning);
    }

    [Fact]
    public async Task Everything_is_looked_at_again_every_ten_hours_or_so()
    {
        _store.Apply(StoreTests.Pod("a", 1));
        Start();
        await RunsAsync(1);
        var turned = await _time.TurnAsync(TimeSpan.FromMinutes(1), () => _reconciler.Runs.Count == 2, "the resync");
        Assert.InRange(turned.TotalHours, 9, 11.1);
    }

    [Fact]
    public async Task A_mapping_that_throws_stops_neither_the_watch_nor_the_others()
    {
        _controller.Watch(_store, (_, _) => throw new InvalidOperationException("defect"));
        Start();
        _store.Apply(StoreTests.Pod("a", 1));
        await RunsAsync(1);
    }

    [Fact]
    public async Task Stopping_takes_no_new_key_and_lets_the_running_one_end()
    {
        var gate = new TaskCompletionSource<ReconcileResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _reconciler.Script = _ => gate.Task;
        Start();
        _controller.Enqueue(A, Lane.Child);
        await RunsAsync(1);
        await _stop.CancelAsync();
        _controller.Enqueue(new NamespacedName("default", "b"), Lane.Urgent);
        Assert.False(_running.IsCompleted);
        gate.SetResult(ReconcileResult.Done);
        await _running.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Single(_reconciler.Runs);
    }

    private void Start() => _running = _controller.RunAsync(_stop.Token, _abort.Token);

    private Task RunsAsync(int count) => Waiting.UntilAsync(() => _reconciler.Runs.Count >= count, $"run {count}");

    private sealed class Scripted : IReconciler
    {
        public ConcurrentQueue<NamespacedName> Runs { get; } = new();

        public Func<CancellationToken, Task<ReconcileResult>> Script { get; set; } = _ => Task.FromResult(ReconcileResult.Done);

        public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
        {
            Runs.Enqueue(key);
            return await Script(cancellationToken);
        }
    }
}
