using GrpoOperator.Crds;

namespace GrpoOperator.Simulation.Plots;

/// <summary>The plots that seeds stand for.</summary>
internal static class PlotBook
{
    private static readonly Func<int, Chance, Plot>[] Kinds = [Calm, Refused];

    public static Plot Of(int seed)
    {
        var chance = new Chance(seed);
        return Kinds[chance.Below(Kinds.Length)](seed, chance);
    }

    /// <summary>Nothing goes wrong but for the Jobs that prepare it.</summary>
    private static Plot Calm(int seed, Chance chance) => new()
    {
        Seed = seed,
        Name = nameof(Calm),
        Nodes = 2,
        Jobs = [new JobPlot { Name = "math", ConvertedAlready = chance.OneIn(2), CheckpointDir = chance.OneIn(2), BatchFailures = chance.Below(2) }],
    };

    /// <summary>A job that can't work: no restart helps.</summary>
    private static Plot Refused(int seed, Chance chance) => new()
    {
        Seed = seed,
        Name = nameof(Refused),
        Nodes = 2,
        Jobs =
        [
            new JobPlot
            {
                Name = "math",
                ConvertedAlready = chance.OneIn(2),
                Faults =
                [
                    chance.OneIn(2)
                        ? new Fault(FaultKind.Code, FailureClass.Configuration, Step: -1) { Code = "ConfigModelPath" }
                        : new Fault(FaultKind.Exit, FailureClass.Configuration) { Code = "DataEmpty" },
                ],
            },
        ],
    };
}
