using GrpoOperator.Simulation.Plots;

namespace GrpoOperator.Simulation;

public sealed class HistoryTests
{
    private const int Default = 10_000;

    /// <summary>
    /// What happens and who sees it when, from a seed each. <c>SIM_HISTORIES</c> says how many, <c>SIM_FIRST</c> from which
    /// on, <c>SIM_SEED</c> replays one and prints its timeline.
    /// </summary>
    [Fact]
    public async Task Every_history_keeps_every_promise()
    {
        if (Number("SIM_SEED") is { } only)
        {
            var (history, wrong) = await RunAsync(only, noted: true);
            TestContext.Current.TestOutputHelper?.WriteLine($"{history.World.Timeline}{history.Statuses}\n{wrong ?? "every promise is kept"}");
            Assert.True(wrong is null, $"seed {only}: {wrong}");
            return;
        }

        var first = Number("SIM_FIRST") ?? 0;
        await Parallel.ForAsync(first, first + (Number("SIM_HISTORIES") ?? Default), TestContext.Current.CancellationToken, async (seed, _) =>
        {
            var (_, wrong) = await RunAsync(seed, noted: false);
            if (wrong is null) return;
            var (again, _) = await RunAsync(seed, noted: true);
            Assert.Fail($"seed {seed}: {wrong} (make replay SEED={seed})\n{again.World.Timeline}{again.Statuses}");
        });
    }

    private static async Task<(History History, string? Wrong)> RunAsync(int seed, bool noted)
    {
        var history = new History(PlotBook.Of(seed), order: seed, noted: noted);
        return (history, await history.RunAsync());
    }

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : null;
}
