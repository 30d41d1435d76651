using GrpoOperator.KubeRuntime.Queue;
using Microsoft.Extensions.Time.Testing;

namespace GrpoOperator.KubeRuntime.Tests.Queue;

public sealed class WorkQueueTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly WorkQueue<string> _queue;

    public WorkQueueTests() => _queue = new WorkQueue<string>("test", _time, new Random(1), NoMetrics.Instance);

    public void Dispose() => _queue.Dispose();

    [Fact]
    public async Task An_idle_key_runs_at_once()
    {
        _queue.Add("a", Lane.Child);
        Assert.Equal("a", await TakeAsync());
    }

    [Fact]
    public void A_timer_that_rings_while_the_queue_is_disposed_wakes_nobody()
    {
        var time = new LateTimers();
        var queue = new WorkQueue<string>("test", time, new Random(1), NoMetrics.Instance);
        queue.LookAgainAt("a", time.GetUtcNow().AddSeconds(1));
        time.Advance(TimeSpan.FromSeconds(2));
        queue.Dispose();
        time.Ring();
        queue.Add("b", Lane.Urgent);
    }

    [Fact]
    public async Task A_worker_that_waits_is_woken()
    {
        var take = _queue.TakeAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(take.IsCompleted);
        _queue.Add("a", Lane.Resync);
        Assert.Equal("a", await take.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_worker_that_is_cancelled_as_it_is_woken_leaves_the_key_to_another()
    {
        for (var i = 0; i < 3000; i++)
        {
            using var cancel = new CancellationTokenSource();
            var first = _queue.TakeAsync(cancel.Token).AsTask();
            var add = Task.Run(() => _queue.Add("a", Lane.Urgent), TestContext.Current.CancellationToken);
            await cancel.CancelAsync();
            await add;
            try
            {
                await first;
            }
            catch (OperationCanceledException)
            {
                await TakeAsync();
            }

            _queue.Done("a");
        }
    }

    [Fact]
    public async Task A_thousand_requests_are_one_run()
    {
        for (var i = 0; i < 1000; i++)
            _queue.Add("a", Lane.Child);
        await TakeAsync();
        Assert.Equal(0, _queue.Depth);
    }

    [Fact]
    public async Task Dirty_while_processing_runs_again_when_done_and_holds_no_worker()
    {
        _queue.Add("hot", Lane.Urgent);
        await TakeAsync();
        for (var i = 0; i < 10; i++)
            _queue.Add("hot", Lane.Urgent);
        Assert.Equal(0, _queue.Depth);
        _queue.Add("cold", Lane.Resync);
        Assert.Equal("cold", await TakeAsync());

        _queue.Done("hot");
        Assert.Equal("hot", await TakeAsync());
        _queue.Done("hot");
        Assert.Equal(0, _queue.Depth);
    }

    [Fact]
    public async Task The_same_key_rests_100_ms_from_start_to_start()
    {
        _queue.Add("a", Lane.Child);
        await TakeAsync();
        _time.Advance(TimeSpan.FromMilliseconds(30));
        _queue.Done("a");
        _queue.Add("a", Lane.Child);
        Assert.Equal(0, _queue.Depth);
        _time.Advance(TimeSpan.FromMilliseconds(69));
        Assert.Equal(0, _queue.Depth);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("a", await TakeAsync());
    }

    [Fact]
    public async Task A_users_change_knows_no_rest_even_when_a_child_event_came_first()
    {
        _queue.Add("a", Lane.Child);
        await TakeAsync();
        _queue.Done("a");
        _queue.Add("a", Lane.Child);
        Assert.Equal(0, _queue.Depth);
        _queue.Add("a", Lane.Urgent);
        Assert.Equal("a", await TakeAsync());
    }

    [Fact]
    public async Task Lanes_go_before_arrival_and_arrival_before_nothing()
    {
        _queue.Add("resync", Lane.Resync);
        _queue.Add("progress", Lane.Progress);
        _queue.Add("child 1", Lane.Child);
        _queue.Add("child 2", Lane.Child);
        _queue.Add("urgent", Lane.Urgent);
        Assert.Equal(["urgent", "child 1", "child 2", "progress", "resync"], await TakeAllAsync());
    }

    [Fact]
    public async Task A_key_moves_up_to_its_most_urgent_lane_and_runs_once()
    {
        _queue.Add("b", Lane.Child);
        _queue.Add("a", Lane.Resync);
        _queue.Add("a", Lane.Urgent);
        _queue.Add("a", Lane.Progress);
        Assert.Equal(["a", "b"], await TakeAllAsync());
    }

    [Fact]
    public async Task A_key_that_moved_up_leaves_nothing_behind_in_its_old_place()
    {
        _queue.Add("a", Lane.Resync);
        _queue.Add("a", Lane.Urgent);
        await TakeAsync();
        _queue.Done("a");
        var next = _queue.TakeAsync(TestContext.Current.CancellationToken).AsTask();
        await Waiting.SettleAsync();
        Assert.False(next.IsCompleted);
        _queue.Add("b", Lane.Resync);
        Assert.Equal("b", await next);
    }

    [Fact]
    public async Task LookAgainAt_replaces_the_timer_that_was_set()
    {
        _queue.LookAgainAt("a", In(10));
        _queue.LookAgainAt("a", In(60));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(0, _queue.Depth);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("a", await TakeAsync());
    }

    [Fact]
    public void LookAgainAt_null_clears_the_timer()
    {
        _queue.LookAgainAt("a", In(10));
        _queue.LookAgainAt("a", null);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, _queue.Depth);
        Assert.Equal(0, _queue.Known);
    }

    [Fact]
    public async Task A_time_in_the_past_runs_at_once()
    {
        _queue.LookAgainAt("a", In(-5));
        Assert.Equal("a", await TakeAsync());
    }

    [Fact]
    public async Task A_time_beyond_what_timers_can_count_is_kept()
    {
        _queue.LookAgainAt("never", DateTimeOffset.MaxValue);
        _queue.LookAgainAt("a", In(100 * 86400));
        _time.Advance(TimeSpan.FromDays(99));
        Assert.Equal(0, _queue.Depth);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal("a", await TakeAsync());
    }

    [Fact]
    public async Task A_timer_that_rings_while_the_key_runs_makes_it_run_again()
    {
        _queue.Add("a", Lane.Child);
        await TakeAsync();
        _queue.LookAgainAt("a", In(1));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, _queue.Depth);
        _queue.Done("a");
        Assert.Equal("a", await TakeAsync());
    }

    [Fact]
    public async Task Retries_never_give_up_and_their_waits_double_to_five_minutes()
    {
        _queue.Add("a", Lane.Child);
        List<TimeSpan> waits = [];
        for (var i = 0; i < 40; i++)
        {
            await TakeAsync();
            _queue.Retry("a");
            _queue.Done("a");
            var from = _time.GetUtcNow();
            while (_queue.Depth == 0 && _time.GetUtcNow() - from < TimeSpan.FromHours(1))
                _time.Advance(TimeSpan.FromMilliseconds(100));
            waits.Add(_time.GetUtcNow() - from);
        }

        Assert.InRange(waits[0].TotalMilliseconds, 100, 200);
        for (var i = 1; i < 11; i++)
            Assert.InRange(waits[i].TotalMilliseconds, 99 * Math.Pow(2, i), (200 * Math.Pow(2, i)) + 100);
        Assert.All(waits[11..], wait => Assert.InRange(wait.TotalSeconds, 149, 300.1));
        Assert.True(waits[11..].Distinct().Count() > 5, "no jitter");
    }

    [Fact]
    public async Task Forget_starts_the_back_off_anew()
    {
        for (var i = 0; i < 8; i++)
            _queue.Retry("a");
        _queue.Forget("a");
        _queue.Retry("a");
        _time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal("a", await TakeAsync());
    }

    [Fact]
    public async Task What_the_server_asked_for_is_waited_for()
    {
        _queue.Retry("a", TimeSpan.FromSeconds(7));
        _time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.Equal(0, _queue.Depth);
        _time.Advance(TimeSpan.FromSeconds(1.2));
        Assert.Equal("a", await TakeAsync());
    }

    /// <summary>Found by the soak: with a server that is busy half of the time, keys came to wait for minutes.</summary>
    [Fact]
    public async Task A_server_that_says_when_to_come_back_lets_no_back_off_grow()
    {
        for (var i = 0; i < 40; i++)
        {
            _queue.Retry("a", TimeSpan.FromSeconds(1));
            _time.Advance(TimeSpan.FromSeconds(2.1));
            Assert.Equal("a", await TakeAsync());
            _queue.Done("a");
        }

        _queue.Retry("a");
        _time.Advance(WorkQueue<string>.FirstRetry + WorkQueue<string>.Spacing);
        Assert.Equal("a", await TakeAsync());
    }

    [Fact]
    public async Task A_wait_of_no_time_is_a_failure_like_another()
    {
        for (var i = 0; i < 8; i++)
            _queue.Retry("a", TimeSpan.Zero);
        _time.Advance(TimeSpan.FromSeconds(12));
        Assert.Equal(0, _queue.Depth);
        _time.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal("a", await TakeAsync());
    }

    [Fact]
    public async Task Keys_of_objects_long_gone_are_forgotten()
    {
        for (var i = 0; i < 100; i++)
            _queue.Add($"{i}", Lane.Child);
        foreach (var key in await TakeAllAsync())
        {
            _queue.Forget(key);
            _queue.LookAgainAt(key, null);
            _queue.Done(key);
        }

        Assert.Equal(100, _queue.Known);
        _time.Advance(WorkQueue<string>.Spacing);
        Assert.Equal(0, _queue.Known);
    }

    private DateTimeOffset In(double seconds) => _time.GetUtcNow().AddSeconds(seconds);

    private async Task<string> TakeAsync() =>
        await _queue.TakeAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

    private async Task<List<string>> TakeAllAsync()
    {
        List<string> keys = [];
        while (_queue.Depth > 0)
            keys.Add(await TakeAsync());
        return keys;
    }

    /// <summary>Its timers ring when they are told, also after their disposal, as those of a pool thread may.</summary>
    private sealed class LateTimers : FakeTimeProvider
    {
        private Action ring = () => { };

        public void Ring() => ring();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ring = () => callback(state);
            return base.CreateTimer(_ => { }, state, dueTime, period);
        }
    }
}
