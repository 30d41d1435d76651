using System.Collections.Concurrent;
using System.Text;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Progress;
using GrpoOperator.Operator.Reconcile;
using GrpoOperator.Training;
using Microsoft.Extensions.Time.Testing;

namespace GrpoOperator.Operator.Tests.Progress;

public sealed class LogPollerTests : IAsyncDisposable
{
    private static readonly NamespacedName Job = new("team-a", "math");
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly FakeTimeProvider time = new(Start);
    private readonly ConsoleBook consoles = new();
    private readonly FakeLogs logs;
    private readonly LogPoller poller;
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;
    private readonly ConcurrentQueue<NamespacedName> news = new();

    public LogPollerTests()
    {
        logs = new FakeLogs(time);
        poller = new LogPoller(logs, consoles, new Timings(), time);
        consoles.OnNews = news.Enqueue;
        running = poller.RunAsync(stop.Token);
    }

    [Fact]
    public async Task A_console_is_read_and_a_new_step_is_news()
    {
        logs.Text = Step(1);
        poller.Follow(Job, "uid", Source());
        await ReadAsync(1);
        Assert.Equal(1, consoles.Of("uid")?.Last?.Step);
        Assert.Equal([Job], news);
    }

    [Fact]
    public async Task The_first_read_takes_the_last_lines_and_the_next_goes_on_a_second_earlier()
    {
        logs.Text = Step(1);
        poller.Follow(Job, "uid", Source());
        await ReadAsync(1);
        Assert.Equal((null, true), (logs.Requests[0].SinceTime, logs.Requests[0].TailLines > 0));
        var first = logs.AnsweredAt[0];
        await ReadAsync(2);
        Assert.Equal((first.AddSeconds(-1), null), (logs.Requests[1].SinceTime, logs.Requests[1].TailLines));
        Assert.All(logs.Requests, request => Assert.Equal((Names.TrainerContainer, 1L << 20), (request.Container, request.LimitBytes)));
    }

    [Fact]
    public async Task The_same_text_twice_is_no_news()
    {
        logs.Text = Step(1);
        poller.Follow(Job, "uid", Source());
        await ReadAsync(3);
        Assert.Single(news);
    }

    [Fact]
    public async Task A_read_that_failed_is_repeated_from_where_the_last_good_one_ended()
    {
        logs.Text = Step(1);
        poller.Follow(Job, "uid", Source());
        await ReadAsync(1);
        logs.Failing = true;
        await ReadAsync(2);
        logs.Failing = false;
        logs.Text = Step(2);
        await ReadAsync(3);
        Assert.Equal(logs.AnsweredAt[0].AddSeconds(-1), logs.Requests[2].SinceTime);
        Assert.Equal(2, consoles.Of("uid")?.Last?.Step);
    }

    [Fact]
    public async Task Long_steps_are_read_seldom_but_once_a_minute()
    {
        poller.Follow(Job, "uid", Source(stepSeconds: 4000));
        await ReadAsync(1);
        await AdvanceAsync(TimeSpan.FromSeconds(55));
        Assert.Single(logs.Requests);
        await AdvanceAsync(TimeSpan.FromSeconds(8));
        Assert.Equal(2, logs.Requests.Count);
    }

    [Fact]
    public async Task Another_pod_is_read_from_its_beginning_and_forgets_the_old_ones_steps()
    {
        logs.Text = Step(7);
        poller.Follow(Job, "uid", Source());
        await ReadAsync(1);
        logs.Text = Step(3);
        poller.Follow(Job, "uid", Source() with { PodUid = "pod-2" });
        await ReadAsync(2);
        Assert.Null(logs.Requests[1].SinceTime);
        Assert.Equal(("pod-2", 3), (consoles.Of("uid")!.PodUid, consoles.Of("uid")!.Last!.Step));
    }

    [Fact]
    public async Task A_job_that_is_no_longer_followed_is_not_read()
    {
        poller.Follow(Job, "uid", Source());
        await ReadAsync(1);
        poller.Follow(Job, "uid", source: null);
        await AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.Single(logs.Requests);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        poller.Dispose();
        stop.Dispose();
    }

    private static string Step(int step) => $"(TaskRunner pid=1) step:{step} - critic/rewards/mean:0.5 - timing_s/step:1.0\n";

    private static ConsoleSource Source(double? stepSeconds = null) => new("math-0", "pod-1", 1, stepSeconds);

    /// <summary>Moves time on until so many reads were answered and taken.</summary>
    private async Task ReadAsync(int count)
    {
        for (var seconds = 0; logs.Requests.Count < count && seconds < 200; seconds++) await AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(count, logs.Requests.Count);
        await AdvanceAsync(TimeSpan.Zero);
    }

    private async Task AdvanceAsync(TimeSpan by)
    {
        for (var left = by; left >= TimeSpan.Zero; left -= TimeSpan.FromSeconds(1))
        {
            if (left > TimeSpan.Zero) time.Advance(TimeSpan.FromSeconds(1));
            // The poller's continuations run on the pool: each gets its turn before time goes on.
            for (var turn = 0; turn < 20; turn++) await Task.Yield();
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private sealed class FakeLogs(TimeProvider time) : IKubeReader
    {
        public string Text { get; set; } = string.Empty;

        public bool Failing { get; set; }

        public List<PodLogRequest> Requests { get; } = [];

        public List<DateTimeOffset> AnsweredAt { get; } = [];

        public Task<ApiAnswer> ReadPodLogAsync(NamespacedName pod, PodLogRequest request, CancellationToken cancellationToken)
        {
            Assert.Equal(new NamespacedName("team-a", "math-0"), pod);
            Requests.Add(request);
            if (Failing) throw new KubeApiException(0, KubeApiException.Unreachable, "gone");
            AnsweredAt.Add(time.GetUtcNow());
            return Task.FromResult(new ApiAnswer(Encoding.UTF8.GetBytes(Text), time.GetUtcNow()));
        }

        public Task<ListPage> ListPageAsync(ApiResource resource, Scope scope, int limit, string? continueToken, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IWatchStream> WatchAsync(ApiResource resource, Scope scope, string resourceVersion, TimeSpan lifetime, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ApiAnswer> GetAsync(ApiResource resource, NamespacedName name, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ApiAnswer> GetPathAsync(string path, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
