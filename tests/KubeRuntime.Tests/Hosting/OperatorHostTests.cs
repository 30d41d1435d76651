using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Events;
using GrpoOperator.KubeRuntime.Hosting;
using GrpoOperator.KubeRuntime.Leadership;
using GrpoOperator.KubeRuntime.Tests.Caches;
using GrpoOperator.KubeRuntime.Tests.Fake;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace GrpoOperator.KubeRuntime.Tests.Hosting;

public sealed class OperatorHostTests : IAsyncLifetime
{
    private static readonly NamespacedName Lease = new("ops", "op");
    private FakeKube _kube = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _kube = await FakeKube.StartAsync();

    public async ValueTask DisposeAsync()
    {
        Environment.ExitCode = 0; // It is this test process' own.
        await _kube.DisposeAsync();
    }

    [Fact]
    public async Task Trap_initial_sync_nothing_is_reconciled_nor_led_before_every_cache_is_filled()
    {
        _kube.Put(ApiResources.Pods, PodView.Json("a"));
        _kube.Inject("GET", "services?", Fault.Kind.Refuse, code: 403, reason: "Forbidden", times: 1000);
        await using var one = new TestOperator(_kube, "one");
        await one.StartAsync();
        await Waiting.UntilAsync(() => _kube.Count("GET", "pods?watch") == 1 && _kube.Count("GET", "services?") >= 1, "one cache filled, one refused");
        await Waiting.UntilAsync(() => one.Health.Ready().Problems is ["services: Forbidden"], "that said");
        Assert.Empty(one.Runs);
        Assert.Null(_kube.Get(ApiResources.Leases, Lease));
        Assert.Equal(["services: Forbidden"], one.Health.Ready().Problems);
        Assert.True(one.Health.Live().IsHealthy);
    }

    [Fact]
    public async Task The_leader_reconciles_and_a_standby_keeps_warm_and_ready()
    {
        _kube.Put(ApiResources.Pods, PodView.Json("a"));
        await using var one = new TestOperator(_kube, "one");
        await using var two = new TestOperator(_kube, "two");
        await one.StartAsync();
        await Waiting.UntilAsync(() => one.Runs.Contains("a"), "the first reconcile");
        await two.StartAsync();
        await Waiting.UntilAsync(() => two.Health.Ready().IsHealthy, "the standby ready");
        _kube.Put(ApiResources.Pods, PodView.Json("b"));
        await Waiting.UntilAsync(() => one.Runs.Contains("b"), "the second reconcile");
        Assert.Empty(two.Runs);
        await Assert.ThrowsAsync<WriteRefusedException>(() => two.Api.CreateAsync(ApiResources.Pods, "default", PodView.Json("c"), Cancelled));
        Assert.Equal(0, _kube.Count("POST", "pods"));
    }

    [Fact]
    public async Task A_stop_ends_the_work_then_tells_events_then_releases_the_lease_and_the_standby_goes_on()
    {
        var started = new TaskCompletionSource();
        var mayEnd = new TaskCompletionSource();
        await using var one = new TestOperator(_kube, "one");
        one.Script = async (services, token) =>
        {
            started.TrySetResult();
            await mayEnd.Task;
            var api = services.GetRequiredService<IKubeApi>();
            await api.CreateAsync(ApiResources.ConfigMaps, "default", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "made" } }, token);
            services.GetRequiredService<IEventRecorder>().Record(new EventSubject(ApiResources.Pods, new NamespacedName("default", "a"), "u"), EventType.Normal, "Done", "done");
        };
        await one.StartAsync();
        _kube.Put(ApiResources.Pods, PodView.Json("a"));
        await started.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
        var stopping = one.StopAsync();
        await Waiting.UntilAsync(() => !one.Health.Ready().IsHealthy, "not ready");
        _kube.Put(ApiResources.Pods, PodView.Json("b"));
        Assert.Equal(["stopping"], one.Health.Ready().Problems);
        mayEnd.SetResult();
        await stopping.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);

        Assert.Equal(["a"], one.Runs);
        var writes = _kube.Requests.Where(request => request.Method is "POST" or "PATCH").ToList();
        var made = writes.FindIndex(request => request.Target.EndsWith("/configmaps", StringComparison.Ordinal));
        var told = writes.FindIndex(request => request.Target.EndsWith("/events", StringComparison.Ordinal));
        var released = writes.FindIndex(request => request.Target.Contains("/leases/", StringComparison.Ordinal) && (string?)request.Json["spec"]!["holderIdentity"] == "");
        Assert.True(made >= 0 && made < told && told < released && released == writes.Count - 1, $"{made}, {told}, {released} of {writes.Count}");
        Assert.Equal("", (string?)_kube.Get(ApiResources.Leases, Lease)!["spec"]!["holderIdentity"]);
        Assert.Equal(0, Environment.ExitCode);
        await using var two = new TestOperator(_kube, "two");
        await two.StartAsync();
        await Waiting.UntilAsync(() => two.Runs.Count == 2, "the next leader at work at once");
    }

    [Fact]
    public async Task Trap_leadership_lost_ends_the_process_with_an_exit_code_and_cancels_what_runs()
    {
        var cancelled = new TaskCompletionSource();
        await using var one = new TestOperator(_kube, "one");
        one.Script = async (_, token) =>
        {
            await using var registration = token.Register(() => cancelled.TrySetResult());
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
        };
        await one.StartAsync();
        _kube.Put(ApiResources.Pods, PodView.Json("a"));
        await Waiting.UntilAsync(() => one.Runs.Count == 1, "at work");
        _kube.Change(ApiResources.Leases, Lease, lease => lease["spec"]!["holderIdentity"] = "somebody else");
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        await Waiting.UntilAsync(() => one.IsStopping, "the process on its way out");
        Assert.Equal(1, Environment.ExitCode);
        Assert.False(one.Gate.IsOpen);
        await one.StopAsync();
        Assert.Equal("somebody else", (string?)_kube.Get(ApiResources.Leases, Lease)!["spec"]!["holderIdentity"]);
    }

    [Fact]
    public async Task Trap_a_leaders_background_task_that_throws_ends_the_process_with_an_exit_code()
    {
        await using var one = new TestOperator(_kube, "one", withLeaderTask: true);
        one.LeaderScript = _ => throw new InvalidOperationException("defect");
        await one.StartAsync();
        await Waiting.UntilAsync(() => one.IsStopping, "the process on its way out");
        Assert.Equal(1, Environment.ExitCode);
        await one.StopAsync();
        Assert.Equal("", (string?)_kube.Get(ApiResources.Leases, Lease)!["spec"]!["holderIdentity"]); // It still led, and gives it back.
    }

    [Fact]
    public async Task A_reconcile_that_does_not_end_is_cancelled_after_the_drain()
    {
        var time = new FakeTimeProvider();
        await using var one = new TestOperator(_kube, "one", time);
        one.Script = (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, token);
        await one.StartAsync();
        _kube.Put(ApiResources.Pods, PodView.Json("a"));
        await Waiting.UntilAsync(() => one.Runs.Count == 1, "at work");
        var stopping = one.StopAsync();
        await Waiting.UntilAsync(() => !one.Health.Ready().IsHealthy, "stopping");
        await Waiting.SettleAsync();
        Assert.False(stopping.IsCompleted);
        var turned = await time.TurnAsync(TimeSpan.FromMilliseconds(100), () => stopping.IsCompleted, "stopped");
        Assert.True(turned >= OperatorHost.Drain - TimeSpan.FromSeconds(1), $"after {turned}");
        Assert.Equal("", (string?)_kube.Get(ApiResources.Leases, Lease)!["spec"]!["holderIdentity"]);
    }

    [Fact]
    public async Task A_stuck_reconcile_fails_the_liveness_probe()
    {
        var time = new FakeTimeProvider();
        var stuck = new TaskCompletionSource();
        await using var one = new TestOperator(_kube, "one", time);
        one.Script = (_, _) => stuck.Task; // Heeds no cancellation.
        await one.StartAsync();
        _kube.Put(ApiResources.Pods, PodView.Json("a"));
        await Waiting.UntilAsync(() => one.Runs.Count == 1, "at work");
        Assert.True(one.Health.Live().IsHealthy);
        for (var i = 0; i < 250; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Waiting.SettleAsync();
        }

        Assert.Contains(one.Health.Live().Problems, problem => problem.StartsWith("pods: a reconcile is stuck", StringComparison.Ordinal));
        stuck.SetResult();
    }

    [Fact]
    public async Task Trap_a_replaced_certificate_or_token_fails_the_liveness_probe_until_one_request_goes_through()
    {
        _kube.Inject("GET", "pods/none", Fault.Kind.Refuse, code: 401, reason: "Unauthorized", times: 20);
        await using var one = new TestOperator(_kube, "one"); // Not started: nothing else asks.
        for (var i = 0; i < 20; i++)
        {
            Assert.True(one.Health.Live().IsHealthy);
            await Assert.ThrowsAsync<KubeApiException>(() => one.Api.GetAsync(ApiResources.Pods, new NamespacedName("default", "none"), Cancelled));
        }

        Assert.Contains("trust", Assert.Single(one.Health.Live().Problems), StringComparison.Ordinal);
        await Assert.ThrowsAsync<KubeApiException>(() => one.Api.GetAsync(ApiResources.Pods, new NamespacedName("default", "none"), Cancelled)); // 404
        Assert.True(one.Health.Live().IsHealthy);
    }
}
