namespace GrpoOperator.Simulation;

[Collection(nameof(Histories))]
public sealed class HistoryTests(Histories all)
{
    /// <summary>What happens and who sees it when, from a seed each. <c>SIM_SEED</c> replays one and prints its timeline.</summary>
    [Fact]
    public async Task Every_history_keeps_every_promise()
    {
        if (Histories.Number("SIM_SEED") is { } only)
        {
            var (history, wrong) = await Histories.RunAsync(only, noted: true);
            TestContext.Current.TestOutputHelper?.WriteLine($"{history.World.Timeline}{history.Statuses}\n{wrong ?? "every promise is kept"}");
            Assert.True(wrong is null, $"seed {only}: {wrong}");
            return;
        }

        if (all.Wrong.IsEmpty) return;
        var worst = all.Wrong.Keys.Min();
        var (again, _) = await Histories.RunAsync(worst, noted: true);
        var list = string.Join('\n', all.Wrong.OrderBy(wrong => wrong.Key).Select(wrong => $"seed {wrong.Key}: {wrong.Value}"));
        Assert.Fail($"{list}\nmake replay SEED={worst}:\n{again.World.Timeline}{again.Statuses}");
    }
}
