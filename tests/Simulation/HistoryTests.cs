namespace GrpoOperator.Simulation;

public sealed class HistoryTests
{
    private const int Default = 500;

    /// <summary>
    /// Happy path and plain failure under lagging caches and crashes. <c>SIM_HISTORIES</c> says how many, <c>SIM_SEED</c>
    /// replays one and prints its timeline.
    /// </summary>
    [Fact]
    public async Task Every_history_ends_as_its_trainer_did()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("SIM_SEED"), out var only))
        {
            var history = new History(only);
            var wrong = await history.RunAsync();
            TestContext.Current.TestOutputHelper?.WriteLine(history.Timeline + history.Status);
            Assert.True(wrong is null, $"seed {only}: {wrong}\n{history.Timeline}{history.Status}");
            return;
        }

        var histories = int.TryParse(Environment.GetEnvironmentVariable("SIM_HISTORIES"), out var count) ? count : Default;
        var first = int.TryParse(Environment.GetEnvironmentVariable("SIM_FIRST"), out var start) ? start : 0;
        await Parallel.ForAsync(first, first + histories, TestContext.Current.CancellationToken, async (seed, _) =>
        {
            var history = new History(seed);
            var wrong = await history.RunAsync();
            Assert.True(wrong is null, $"seed {seed}: {wrong} (replay with SIM_SEED={seed})\n{history.Timeline}");
        });
    }
}
