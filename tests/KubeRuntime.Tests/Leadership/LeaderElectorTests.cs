using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Leadership;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace GrpoOperator.KubeRuntime.Tests.Leadership;

public sealed class LeaderElectorTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly LeaseApi _server = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Pump _pump = new();

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _pump.Dispose();
    }

    [Fact]
    public void Without_a_lease_the_first_makes_one_and_leads()
    {
        var a = New("a");
        Ended(a.AcquireAsync());
        Assert.True(a.Gate.IsOpen);
        Assert.Equal(("a", 15), ((string?)_server.Lease!["spec"]!["holderIdentity"], (int)_server.Lease["spec"]!["leaseDurationSeconds"]!));
    }

    [Fact]
    public void Trap_micro_time_has_six_digits_also_on_a_whole_second()
    {
        Ended(New("a").AcquireAsync()); // The fake clock stands on a whole second; the fake lease is as strict as a server.
        Assert.Equal("2000-01-01T00:00:00.000000Z", (string?)_server.Lease!["spec"]!["renewTime"]);
    }

    [Fact]
    public void A_standby_waits_as_long_as_the_leader_renews()
    {
        var (a, b) = (New("a"), New("b"));
        Ended(a.AcquireAsync());
        _ = a.KeepAsync();
        var waiting = b.AcquireAsync();
        Turn(120);
        Assert.False(waiting.IsCompleted);
        Assert.True(a.Gate.IsOpen);
        Assert.False(b.Gate.IsOpen);
    }

    [Fact]
    public void A_leader_that_is_silent_is_succeeded_after_its_leases_duration_and_not_before()
    {
        var (a, b) = (New("a"), New("b"));
        Ended(a.AcquireAsync());
        var waiting = b.AcquireAsync();
        Turn(14);
        Assert.False(waiting.IsCompleted);
        Turn(4);
        Ended(waiting);
        Assert.Equal(1, (int)_server.Lease!["spec"]!["leaseTransitions"]!);
        Assert.False(a.Gate.IsOpen);
    }

    [Theory]
    [InlineData("1999-01-01T00:00:00.000000Z")]
    [InlineData("2040-01-01T00:00:00.000000Z")]
    public void Trap_clock_skew_of_the_holder_changes_nothing(string renewTime)
    {
        _server.Write(spec =>
        {
            spec["holderIdentity"] = "x";
            spec["leaseDurationSeconds"] = 15;
            spec["renewTime"] = renewTime;
        });
        var waiting = New("a").AcquireAsync();
        Turn(14);
        Assert.False(waiting.IsCompleted);
        Turn(4);
        Ended(waiting);
    }

    [Fact]
    public void The_duration_that_the_lease_names_is_respected_not_ones_own()
    {
        _server.Write(spec =>
        {
            spec["holderIdentity"] = "x";
            spec["leaseDurationSeconds"] = 60;
        });
        var waiting = New("a").AcquireAsync();
        Turn(59);
        Assert.False(waiting.IsCompleted);
        Turn(4);
        Ended(waiting);
    }

    [Fact]
    public void One_failed_renewal_is_no_loss()
    {
        var a = New("a");
        Ended(a.AcquireAsync());
        var keeping = a.KeepAsync();
        a.Door.Failures.Enqueue(new KubeApiException(0, KubeApiException.Unreachable, "connection reset"));
        a.Door.Failures.Enqueue(new KubeApiException(500, "InternalError", "etcd"));
        Turn(60);
        Assert.False(keeping.IsCompleted);
        Assert.True(a.Gate.IsOpen);
    }

    [Fact]
    public void A_renewal_whose_answer_was_lost_is_found_to_be_ones_own()
    {
        var a = New("a");
        Ended(a.AcquireAsync());
        var keeping = a.KeepAsync();
        a.Door.LosesAnswers = true;
        Turn(3);
        a.Door.LosesAnswers = false;
        Turn(60);
        Assert.False(keeping.IsCompleted);
        Assert.True(a.Gate.IsOpen);
        Assert.Equal(0, (int)_server.Lease!["spec"]!["leaseTransitions"]!);
    }

    [Fact]
    public void Trap_hung_renewals_shut_the_gate_at_the_deadline_and_never_renew_again()
    {
        var a = New("a");
        Ended(a.AcquireAsync());
        var keeping = a.KeepAsync();
        Turn(3);
        a.Door.Hangs = true;
        var writes = _server.Writes;
        Turn(8.5);
        Assert.True(a.Gate.IsOpen);
        Assert.False(keeping.IsCompleted);
        Turn(1);
        Assert.False(a.Gate.IsOpen);
        Ended(keeping);
        a.Door.Hangs = false;
        var calls = a.Door.Calls;
        Turn(60);
        Assert.Equal(calls, a.Door.Calls);
        Assert.Equal(writes, _server.Writes);
    }

    [Fact]
    public void A_hung_renewal_leaves_time_for_another()
    {
        var a = New("a");
        Ended(a.AcquireAsync());
        var keeping = a.KeepAsync();
        a.Door.Hangs = true;
        Turn(5);
        a.Door.Hangs = false;
        Turn(60);
        Assert.False(keeping.IsCompleted);
        Assert.True(a.Gate.IsOpen);
    }

    [Fact]
    public void Trap_a_slow_renewal_counts_from_its_start_since_others_may_have_seen_it_then()
    {
        var a = New("a");
        a.Door.Latency = token => Task.Delay(TimeSpan.FromSeconds(2), _time, token);
        var acquiring = a.AcquireAsync();
        Turn(4); // A look and a create, of two seconds each.
        Ended(acquiring);
        Turn(5.9);
        Assert.True(a.Gate.IsOpen);
        Turn(0.1);
        Assert.False(a.Gate.IsOpen);
    }

    [Fact]
    public void Another_holder_ends_leadership_at_once()
    {
        var a = New("a");
        Ended(a.AcquireAsync());
        var keeping = a.KeepAsync();
        _server.Write(spec => spec["holderIdentity"] = "x");
        Turn(5);
        Ended(keeping);
        Assert.False(a.Gate.IsOpen);
    }

    [Fact]
    public void A_released_lease_is_taken_at_the_next_look()
    {
        var (a, b) = (New("a"), New("b"));
        Ended(a.AcquireAsync());
        var waiting = b.AcquireAsync();
        Turn(1);
        Ended(a.ReleaseAsync());
        Assert.False(a.Gate.IsOpen);
        Assert.Equal(("", 1), ((string?)_server.Lease!["spec"]!["holderIdentity"], (int)_server.Lease["spec"]!["leaseDurationSeconds"]!));
        Turn(3);
        Ended(waiting);
    }

    [Fact]
    public void Who_does_not_hold_the_lease_releases_nothing()
    {
        var (a, b) = (New("a"), New("b"));
        Ended(a.AcquireAsync());
        _ = b.AcquireAsync();
        Ended(b.ReleaseAsync());
        Assert.Equal("a", (string?)_server.Lease!["spec"]!["holderIdentity"]);
    }

    [Fact]
    public void Two_that_find_no_lease_do_not_both_lead()
    {
        var (a, b) = (New("a"), New("b"));
        b.Door.Failures.Enqueue(new KubeApiException(404, "NotFound", "not yet")); // b looked a moment before a made it.
        var (first, second) = (a.AcquireAsync(), b.AcquireAsync());
        Turn(10);
        Ended(first);
        Assert.False(second.IsCompleted);
    }

    [Fact]
    public void A_lease_deleted_by_hand_is_made_again()
    {
        var a = New("a");
        Ended(a.AcquireAsync());
        var keeping = a.KeepAsync();
        _server.Remove();
        Turn(6);
        Assert.False(keeping.IsCompleted);
        Assert.Equal("a", (string?)_server.Lease!["spec"]!["holderIdentity"]);
    }

    [Fact]
    public void An_election_that_does_nothing_is_seen_to_hang()
    {
        var a = New("a");
        Assert.False(a.Elector.Hangs);
        Ended(a.AcquireAsync());
        _time.Advance(TimeSpan.FromSeconds(31)); // Nobody called KeepAsync: as if its task never got to run.
        Assert.True(a.Elector.Hangs);
    }

    [Theory]
    [InlineData(15, 15, 2)]
    [InlineData(15, 10, 9)]
    public void Times_that_do_not_fit_are_refused(int lease, int renew, int retry) => Assert.Throws<InvalidOperationException>(() =>
        new LeaderElectionOptions(default, "a")
        {
            LeaseDuration = TimeSpan.FromSeconds(lease),
            RenewDeadline = TimeSpan.FromSeconds(renew),
            RetryPeriod = TimeSpan.FromSeconds(retry),
        }.Validate());

    /// <summary>Any weather: requests fail, hang, lose their answers, processes stand still. Never are two gates open.</summary>
    [Fact]
    public void Never_do_two_lead_at_once()
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            var random = new Random(seed);
            var time = new FakeTimeProvider();
            var server = new LeaseApi();
            var candidates = Enumerable.Range(0, 3).Select(i => new Candidate($"{i}", server, time, seed + i, _stop.Token)).ToList();
            candidates.ForEach(candidate => candidate.Live());
            for (var step = 0; step < 150; step++)
            {
                var one = candidates[random.Next(3)];
                one.Door.Hangs = random.Next(4) == 0;
                one.Door.LosesAnswers = random.Next(6) == 0;
                if (random.Next(4) == 0)
                    one.Door.Failures.Enqueue(new KubeApiException(random.Next(2) * 500, "InternalError", "weather"));
                time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 2500)));
                _pump.Drain();
                Assert.True(candidates.Count(candidate => candidate.Gate.IsOpen) <= 1, $"seed {seed}, step {step}");
            }

            candidates.ForEach(candidate => candidate.Heal());
            for (var i = 0; i < 600; i++)
            {
                time.Advance(TimeSpan.FromSeconds(0.1));
                _pump.Drain();
            }

            Assert.True(candidates.Count(candidate => candidate.Gate.IsOpen) == 1, $"seed {seed}: nobody leads in fair weather");
        }
    }

    private void Turn(double seconds)
    {
        for (var i = 0; i < seconds * 10; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            _pump.Drain();
        }
    }

    private void Ended(Task task)
    {
        _pump.Drain();
        Assert.True(task.IsCompletedSuccessfully);
    }

    private Candidate New(string identity) => new(identity, _server, _time, identity[0], _stop.Token);

    private sealed class Candidate
    {
        private readonly CancellationToken _stop;

        public Candidate(string identity, LeaseApi server, TimeProvider time, int seed, CancellationToken stop)
        {
            _stop = stop;
            Door = server.Open();
            Gate = new WriteGate(time, TimeSpan.FromSeconds(10));
            Elector = new LeaderElector(
                Door, new LeaderElectionOptions(new NamespacedName("default", "l"), identity), Gate, time, new Random(seed), NoMetrics.Instance, NullLogger<LeaderElector>.Instance);
        }

        public LeaseApi.Door Door { get; }

        public WriteGate Gate { get; }

        public LeaderElector Elector { get; }

        public Task AcquireAsync() => Elector.AcquireAsync(_stop);

        public Task KeepAsync() => Elector.KeepAsync(_stop);

        public Task ReleaseAsync() => Elector.ReleaseAsync(_stop);

        /// <summary>A process that starts anew whenever it has lost.</summary>
        public void Live() => _ = LiveAsync();

        public void Heal()
        {
            Door.Hangs = Door.LosesAnswers = false;
            Door.Failures.Clear();
        }

        private async Task LiveAsync()
        {
            while (!_stop.IsCancellationRequested)
            {
                await AcquireAsync();
                await KeepAsync();
            }
        }
    }
}
