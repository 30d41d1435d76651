using GrpoOperator.Simulation.Operators;
using GrpoOperator.Simulation.Plots;
using GrpoOperator.Simulation.Promises;

namespace GrpoOperator.Simulation;

public sealed class OrderTests
{
    private const int Seeds = 300;
    private const int Orders = 3;

    [Fact]
    public async Task The_end_does_not_depend_on_the_order_in_which_caches_catch_up()
    {
        var compared = 0;
        await Parallel.ForAsync(0, Seeds, TestContext.Current.CancellationToken, async (seed, _) =>
        {
            if (PlotBook.Of(seed).Jobs.Any(job => Expectation.Of(job) is null)) return;
            Interlocked.Increment(ref compared);
            var expected = await EndAsync(seed, order: 0);
            for (var order = 1; order < Orders; order++) Assert.Equal((seed, expected), (seed, await EndAsync(seed, order)));
        });
        Assert.True(compared > Seeds / 4, $"only {compared} plots have one end");
    }

    private static async Task<string> EndAsync(int seed, int order)
    {
        var history = new History(PlotBook.Of(seed), order, WriteFaults.None());
        var wrong = await history.RunAsync();
        return wrong ?? string.Join("; ", history.World.Jobs.Select(job => (Facts: StatusFacts.Of(job.Status), Attempts: job.Status["attempts"]?.AsArray() ?? [])).Select(job =>
            $"{job.Facts.Phase} {job.Facts.AttemptsUsed} {job.Facts.RestartsCounted}/{job.Facts.Restarts} {string.Join(',', job.Attempts.Select(attempt => (string?)attempt!["failureClass"]))}"));
    }
}
