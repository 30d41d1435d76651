using System.Collections.Concurrent;
using GrpoOperator.Simulation.Plots;
using GrpoOperator.Simulation.Promises;

namespace GrpoOperator.Simulation;

/// <summary>
/// Many histories, run once for all tests that look at them. <c>SIM_HISTORIES</c> says how many, <c>SIM_FIRST</c> from which
/// seed on, <c>SIM_PLOT</c> of which plot only.
/// </summary>
public sealed class Histories : IAsyncLifetime
{
    /// <summary>How many are run unless somebody says otherwise.</summary>
    public const int Default = 10_000;

    /// <summary>After so many wrong histories no more are run.</summary>
    private const int MostWrong = 40;

    private readonly ConcurrentDictionary<Transition, int> transitions = new();
    private readonly ConcurrentDictionary<(string Phase, string Reason), int> waits = new();

    /// <summary>Whether these are the histories that documents are made of.</summary>
    internal static bool AreTheUsual => Number("SIM_HISTORIES") is null or Default && Number("SIM_FIRST") is null && Environment.GetEnvironmentVariable("SIM_PLOT") is null;

    /// <summary>What is wrong, by seed.</summary>
    internal ConcurrentDictionary<int, string> Wrong { get; } = new();

    /// <summary>Changes of phase, with the number of histories that had them.</summary>
    internal IReadOnlyDictionary<Transition, int> Transitions => transitions;

    /// <summary>Waits, with the number of histories that had them.</summary>
    internal IReadOnlyDictionary<(string Phase, string Reason), int> Waits => waits;

    /// <summary>The history of a seed.</summary>
    internal static async Task<(History History, string? Wrong)> RunAsync(int seed, bool noted)
    {
        var history = new History(PlotBook.Of(seed), order: seed, noted: noted);
        return (history, await history.RunAsync());
    }

    /// <summary>A number from the environment, or null.</summary>
    internal static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : null;

    /// <summary>Runs them, unless only one is to be replayed.</summary>
    public async ValueTask InitializeAsync()
    {
        if (Number("SIM_SEED") is not null) return;
        var first = Number("SIM_FIRST") ?? 0;
        await Parallel.ForAsync(first, first + (Number("SIM_HISTORIES") ?? Default), async (seed, _) =>
        {
            if (Wrong.Count >= MostWrong) return;
            var (history, wrong) = await RunAsync(seed, noted: false);
            if (wrong is not null) Wrong[seed] = wrong;
            foreach (var transition in history.World.Promises.Transitions) transitions.AddOrUpdate(transition, 1, (_, count) => count + 1);
            foreach (var wait in history.World.Promises.Waits) waits.AddOrUpdate(wait, 1, (_, count) => count + 1);
        });
    }

    /// <summary>Nothing is held.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>The tests that look at the same histories.</summary>
[CollectionDefinition(nameof(Histories))]
public sealed class HistoriesCollection : ICollectionFixture<Histories>;
