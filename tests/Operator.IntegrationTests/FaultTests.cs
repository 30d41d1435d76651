using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>A busy or broken API server, and a network that loses things: every story still has its own end.</summary>
// In the full tier: nine faults around four stories take minutes, and the simulation has lags and lost answers in the first.
[Trait("tier", "full")]
public sealed class FaultTests
{
    [ClusterFact]
    public Task Under_every_fault_every_story_has_the_same_end() => Lives.TellAllAsync(
        Story.All.SelectMany(story => Fault.All.Values.Select(make => (Story: story, Fault: make()))), life => LifeAsync(life.Story, life.Fault), life => $"{life.Story} under {life.Fault} ({life.Fault.Count} times)");

    private static async Task LifeAsync(Story story, Fault fault)
    {
        await using var @namespace = await TestNamespace.CreateAsync("fault", volumes: false, granted: false);
        await using var hand = await Hand.StartAsync(@namespace);
        await using var server = await FaultyServer.StartAsync(fault);
        await using var @operator = await InProcessOperator.StartAsync(@namespace, server: server.Configuration);
        var audit = new AuditLog();
        await story.EndsAsync(await story.BeginAsync(@namespace, hand), hand, audit);
        Assert.True(fault.Count > 0, "the fault never happened");
    }
}
