using System.Collections.Concurrent;
using GrpoOperator.Simulation.Plots;
using GrpoOperator.Training;

namespace GrpoOperator.Simulation;

/// <summary>Promises that nothing could break would be worth nothing: what keeps them is taken away, and the simulation must see it.</summary>
public sealed class SabotageTests
{
    private const int Seeds = 120;

    [Theory]
    [InlineData("StaleChildren")]
    [InlineData("Final")]
    [InlineData("Success")]
    [InlineData("Failing")]
    [InlineData("Suspend")]
    public async Task Without_a_policy_a_promise_is_broken(string policy)
    {
        Assert.Contains(Decide.Policies, entry => entry.Name == policy);
        Assert.NotEmpty(await BrokenAsync([.. Decide.Policies.Where(entry => entry.Name != policy)]));
    }

    [Fact]
    public async Task A_gang_that_is_not_waited_for_is_seen_beside_the_next_one()
    {
        // The pods of earlier gangs are hidden from the policy that makes the next.
        var blind = Decide.Policies.Select(entry => entry.Name is not ("Failing" or "Start") ? entry : (entry.Name, (Policy)((observation, draft) => entry.Apply(
            observation with { Pods = [.. observation.Pods.Where(pod => pod is { Deleting: false })], Answers = observation.Answers with { Pods = new PodsAnswer(observation.Now, []) } }, draft)))).ToArray();
        Assert.Contains(await BrokenAsync(blind), broken => broken.StartsWith("promise 6", StringComparison.Ordinal) || broken.StartsWith("promise 1:", StringComparison.Ordinal));
    }

    private static async Task<ICollection<string>> BrokenAsync(IReadOnlyList<(string Name, Policy Apply)> policies)
    {
        var broken = new ConcurrentBag<string>();
        await Parallel.ForAsync(0, Seeds, TestContext.Current.CancellationToken, async (seed, _) =>
        {
            if (broken.Count < 20 && await new History(PlotBook.Of(seed), seed, policies: policies).RunAsync() is { } wrong) broken.Add(wrong);
        });
        return [.. broken];
    }
}
