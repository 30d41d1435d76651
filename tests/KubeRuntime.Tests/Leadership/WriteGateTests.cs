using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Leadership;
using GrpoOperator.KubeRuntime.Tests.Fake;
using Microsoft.Extensions.Time.Testing;

namespace GrpoOperator.KubeRuntime.Tests.Leadership;

public sealed class WriteGateTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly WriteGate _gate;

    public WriteGateTests() => _gate = new WriteGate(_time, TimeSpan.FromSeconds(10));

    [Fact]
    public void It_is_shut_before_the_first_renewal() => Assert.Throws<WriteRefusedException>(_gate.Pass);

    [Fact]
    public void It_is_open_from_the_start_of_a_renewal_for_the_deadline()
    {
        var start = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(4)); // So long the renewal took.
        _gate.Renewed(start);
        _time.Advance(TimeSpan.FromSeconds(5.9));
        _gate.Pass();
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Throws<WriteRefusedException>(_gate.Pass);
    }

    [Fact]
    public void A_renewal_opens_it_again_and_closing_shuts_it()
    {
        _gate.Renewed(_time.GetTimestamp());
        _time.Advance(TimeSpan.FromSeconds(11));
        _gate.Renewed(_time.GetTimestamp());
        Assert.True(_gate.IsOpen);
        _gate.Close();
        Assert.False(_gate.IsOpen);
    }

    [Fact]
    public void Without_an_election_it_is_held_open()
    {
        _gate.HoldOpen();
        _time.Advance(TimeSpan.FromDays(1));
        _gate.Pass();
    }

    [Fact]
    public async Task Trap_leader_that_was_paused_past_its_lease_sends_nothing()
    {
        await using var kube = await FakeKube.StartAsync();
        var writer = new GatedWriter(kube.Client(), _gate);
        var pod = new NamespacedName("default", "a");
        _gate.Renewed(_time.GetTimestamp());
        await writer.CreateAsync(ApiResources.Pods, "default", Caches.PodView.Json("a"), TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(10)); // SIGSTOP … SIGCONT
        await Assert.ThrowsAsync<WriteRefusedException>(async () => await writer.CreateAsync(ApiResources.Pods, "default", Caches.PodView.Json("b"), TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<WriteRefusedException>(async () => await writer.PatchAsync(ApiResources.Pods, pod, PatchType.Merge, "{}"u8.ToArray(), null, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<WriteRefusedException>(async () => await writer.DeleteAsync(ApiResources.Pods, pod, new DeleteOptions("u"), TestContext.Current.CancellationToken));
        Assert.Single(kube.Requests);
    }
}
