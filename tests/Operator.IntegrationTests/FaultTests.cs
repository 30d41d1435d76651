using System.Collections.Concurrent;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>A busy or broken API server, and a network that loses things: every story still has its own end.</summary>
// In the full tier: nine faults around four stories take minutes, and the simulation has lags and lost answers in the first.
[Trait("tier", "full")]
public sealed class FaultTests
{
    private const int AtOnce = 6;

    [ClusterFact]
    public async Task Under_every_fault_every_story_has_the_same_end()
    {
        var failures = new ConcurrentQueue<string>();
        var lives = Story.All.SelectMany(story => Fault.All.Values.Select(fault => (story, fault)));
        await Parallel.ForEachAsync(lives, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken }, async (life, _) =>
        {
            var fault = life.fault();
            try
            {
                await LifeAsync(life.story, fault);
                Assert.True(fault.Count > 0, "the fault never happened");
            }
            catch (Exception exception)
            {
                failures.Enqueue($"{life.story} under {fault} ({fault.Count} times): {exception.Message}");
            }
        });
        Assert.True(failures.IsEmpty, string.Join("\n\n", failures));
    }

    private static async Task LifeAsync(Story story, Fault fault)
    {
        await using var @namespace = await TestNamespace.CreateAsync("fault", volumes: false, granted: false);
        await using var hand = await Hand.StartAsync(@namespace);
        await using var server = await FaultyServer.StartAsync(fault);
        await using var @operator = await InProcessOperator.StartAsync(@namespace, server: server.Configuration);
        var audit = new AuditLog();
        await story.EndsAsync(await story.BeginAsync(@namespace, hand), hand, audit);
    }
}
