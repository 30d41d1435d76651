using System.Collections.Concurrent;
using System.Globalization;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;
using GrpoOperator.Operator.Reconcile;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>
/// Half an hour of jobs that come, fail, are suspended and deleted at random, behind an API server on a bad day, while the
/// operator is killed every minute. In the end every job is where <see cref="Fate"/> says, and nothing else is left.
/// </summary>
/// <remarks>GRPO_SOAK_MINUTES and GRPO_SOAK_SEED make it shorter and tell it again; the operator of the last third is spared.</remarks>
[Trait("tier", "full")]
public sealed class SoakTests
{
    private const int JobsAtOnce = 12;

    private static readonly TimeSpan Length = TimeSpan.FromMinutes(Setting("GRPO_SOAK_MINUTES", 30));
    private static readonly ApiResource[] Children = [ApiResources.Pods, ApiResources.StatefulSets, ApiResources.Jobs, ApiResources.Services, ApiResources.ConfigMaps, ApiResources.NetworkPolicies];

    [ClusterFact(Timeout = 50 * 60 * 1000)]
    public async Task After_half_an_hour_of_everything_every_job_is_where_it_must_be_and_nothing_has_grown()
    {
        var seed = (int)Setting("GRPO_SOAK_SEED", Environment.ProcessId);
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        await using var @namespace = await TestNamespace.CreateAsync("soak", volumes: false);
        await using var hand = await Hand.StartAsync(@namespace);
        hand.Finishes = false;
        var weather = new Weather(seed);
        await using var server = await FaultyServer.StartAsync(weather);
        await using var operators = new MortalOperator(@namespace, await server.KubeconfigAsync(@namespace));
        using var spared = new CancellationTokenSource(Length * 2 / 3);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        over.CancelAfter(Length);
        var keeping = operators.KeepAsync(spared.Token);
        var telling = TellAsync(@namespace, hand, seed, over.Token);
        // An operator that can't be started ends the test at once.
        if (await Task.WhenAny(telling, keeping) == keeping)
        {
            await over.CancelAsync();
            await keeping;
        }

        var (told, failures, kept) = await telling;
        await operators.StopKeepingAsync(keeping);

        TestContext.Current.TestOutputHelper!.WriteLine($"{told} jobs, {operators.Kills} operators killed, {weather.Count} faults; resident memory {string.Join(", ", operators.Memory.Select(bytes => $"{bytes >> 20} MiB"))}");
        Assert.True(failures.IsEmpty, string.Join("\n\n", failures));
        await NothingIsLeftAsync(@namespace, kept);
        Assert.All(weather.Watches, watch => Assert.Equal(1, watch.Value));
        Assert.InRange(weather.Watches.Count, 8, 16);
        var (before, after) = (operators.Memory[0], operators.Memory[^1]);
        Assert.True(after < before * 1.3, $"resident memory grew from {before >> 20} to {after >> 20} MiB");
    }

    /// <summary>Twelve rows of jobs, one after the other in each, until the time is over.</summary>
    private static async Task<(int Told, ConcurrentQueue<string> Failures, IReadOnlyCollection<string> Kept)> TellAsync(TestNamespace @namespace, Hand hand, int seed, CancellationToken over)
    {
        var failures = new ConcurrentQueue<string>();
        var kept = new ConcurrentQueue<string>();
        var told = 0;
        await Task.WhenAll(Enumerable.Range(0, JobsAtOnce).Select(async row =>
        {
            var random = new Random(seed + row);
            while (!over.IsCancellationRequested)
            {
                var name = $"job-{Interlocked.Increment(ref told)}";
                try
                {
                    if (await Fate.TellAsync(@namespace, hand, name, random)) kept.Enqueue(name);
                }
                catch (Exception exception)
                {
                    failures.Enqueue($"{name}: {exception.Message}");
                    return;
                }
            }
        }));
        return (told, failures, kept);
    }

    private static async Task NothingIsLeftAsync(TestNamespace @namespace, IReadOnlyCollection<string> kept)
    {
        var jobs = await Kube.ListAsync(Resources.TrainingJobs, @namespace.Name);
        Assert.Equal(kept.Order(StringComparer.Ordinal), jobs.Select(job => Kube.Text(job, "metadata", "name")!).Order(StringComparer.Ordinal));
        var uids = jobs.Select(job => Kube.Text(job, "metadata", "uid")).ToHashSet(StringComparer.Ordinal);
        foreach (var kind in Children)
        {
            await Eventually.BeTrueAsync(
                async () => (await Kube.ListAsync(kind, @namespace.Name, "grpo-operator.dev/job-uid")).All(child => uids.Contains(Kube.Text(child, "metadata", "labels", "grpo-operator.dev/job-uid"))),
                TimeSpan.FromMinutes(2), $"no {kind.Plural} of deleted jobs are left");
        }

        await Eventually.BeTrueAsync(async () => (await Kube.ListAsync(ApiResources.StatefulSets, @namespace.Name)).Count == 0, TimeSpan.FromMinutes(1), "no StatefulSet is left");
        Assert.DoesNotContain(await Kube.ListAsync(ApiResources.Pods, @namespace.Name), pod => Kube.Text(pod, "metadata", "labels", "app.kubernetes.io/component") == "trainer");
    }

    private static double Setting(string name, double otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
