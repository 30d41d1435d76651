namespace GrpoOperator.Simulation.Plots;

/// <summary>The plots that seeds stand for.</summary>
internal static class PlotBook
{
    /// <summary>Whether plots of restarts and more are told.</summary>
    private static readonly Func<int, Chance, Plot>[] Kinds = Selected();

    public static Plot Of(int seed)
    {
        var chance = new Chance(seed);
        return Kinds[chance.Below(Kinds.Length)](seed, chance);
    }

    private static Func<int, Chance, Plot>[] Selected()
    {
        Func<int, Chance, Plot>[] all = [Calm, Failures, Failures, Budget, Nodes, Users, Gangs, Customs];
        return Environment.GetEnvironmentVariable("SIM_PLOT") is { Length: > 0 } name ? [.. all.Where(kind => kind.Method.Name == name)] : all;
    }

    /// <summary>Nothing goes wrong but for the Jobs that prepare it.</summary>
    private static Plot Calm(int seed, Chance chance) => Of(seed, nameof(Calm), new JobPlot
    {
        Name = "math",
        ConvertedAlready = chance.OneIn(2),
        CheckpointDir = chance.OneIn(2),
        BatchFailures = chance.Below(2),
    });

    /// <summary>Containers and pods fail, one after the other.</summary>
    private static Plot Failures(int seed, Chance chance) => Of(seed, nameof(Failures), new JobPlot
    {
        Name = "math",
        CheckpointDir = !chance.OneIn(4),
        Faults = Several(chance, 3, FaultBook.Any),
        MaxRestarts = chance.Of(0, 1, 3),
    });

    /// <summary>More failures than the budget has restarts, and steps that give it back.</summary>
    private static Plot Budget(int seed, Chance chance) => Of(seed, nameof(Budget), new JobPlot
    {
        Name = "math",
        Faults = Several(chance, 5, FaultBook.OfTrainer),
        MaxRestarts = chance.Between(1, 3),
        MinStepsToReset = chance.Of(0, 2),
    });

    /// <summary>Nodes fall silent, stop, and come back or not; one is to spare.</summary>
    private static Plot Nodes(int seed, Chance chance) => Of(
        seed,
        nameof(Nodes),
        new JobPlot { Name = "math", CheckpointDir = !chance.OneIn(4), Faults = Several(chance, 2, FaultBook.OfNode), ByChance = true },
        nodes: 4);

    /// <summary>Users suspend, resume, restart, change and delete at any time, failures or not.</summary>
    private static Plot Users(int seed, Chance chance)
    {
        var faults = Several(chance, 2, FaultBook.Any);
        return Of(seed, nameof(Users), new JobPlot { Name = "math", Faults = faults, Actions = Actions(chance), ConvertedAlready = chance.OneIn(2), MaxRestarts = 2 });
    }

    /// <summary>Two jobs that fit alone but not together.</summary>
    private static Plot Gangs(int seed, Chance chance) => Of(
        seed,
        nameof(Gangs),
        new JobPlot { Name = "math", Faults = Several(chance, 1, FaultBook.OfTrainer) },
        new JobPlot { Name = "code", Faults = Several(chance, 1, FaultBook.OfTrainer) });

    /// <summary>Less common wishes.</summary>
    private static Plot Customs(int seed, Chance chance) => Of(seed, nameof(Customs), new JobPlot
    {
        Name = "math",
        Faults = Several(chance, 2, FaultBook.OfTrainer),
        HoldSeconds = chance.Of(0, 90),
        CleanPodPolicy = chance.Of("All", "None"),
        TtlSeconds = chance.Of<int?>(null, 0, 600),
        ByChance = true,
    });

    private static Plot Of(int seed, string name, JobPlot job, int nodes = 2) => new() { Seed = seed, Name = name, Nodes = nodes, Jobs = [job], ReplacesBatchPods = seed % 2 == 0 };

    private static Plot Of(int seed, string name, JobPlot one, JobPlot other) => new() { Seed = seed, Name = name, Nodes = 2, Jobs = [one, other], ReplacesBatchPods = seed % 2 == 0 };

    private static Fault[] Several(Chance chance, int most, Func<Chance, Fault> make) => [.. Enumerable.Range(0, chance.Below(most + 1)).Select(_ => make(chance))];

    private static UserAction[] Actions(Chance chance)
    {
        var actions = new List<UserAction>();
        if (chance.OneIn(3)) actions.Add(new UserAction(UserActionKind.DeleteBatchPod, chance.Seconds(0.5, 60)));
        var at = 0.0;
        for (var i = chance.Below(4); i >= 0; i--)
        {
            at += chance.Seconds(0.5, 600);
            switch (chance.Below(6))
            {
                case < 3:
                    actions.Add(new UserAction(UserActionKind.Suspend, at));
                    at += chance.Seconds(0.1, 300);
                    actions.Add(new UserAction(UserActionKind.Resume, at));
                    break;
                case 3:
                    actions.Add(new UserAction(UserActionKind.Restart, at));
                    break;
                case 4:
                    actions.Add(new UserAction(UserActionKind.ChangeSpec, at));
                    at += chance.Seconds(0.1, 300);
                    actions.Add(new UserAction(UserActionKind.RestoreSpec, at));
                    break;
                default:
                    actions.Add(new UserAction(chance.OneIn(2) ? UserActionKind.Delete : UserActionKind.Suspend, at));
                    return [.. actions];
            }
        }

        return [.. actions];
    }
}
