using System.Text.Json.Nodes;
using GrpoOperator.Crds;
using GrpoOperator.Simulation.Plots;

namespace GrpoOperator.Simulation.Promises;

/// <summary>How a plot must end, worked out from the contract's table without the code that is under test.</summary>
internal static class Oracle
{
    public static string? Broken(JobPlot plot, JsonObject status)
    {
        var facts = StatusFacts.Of(status);
        var expected = Expectation.Of(plot);
        if (expected is null) return null;
        if (facts.Phase != expected.Phase) return $"it ended {facts.Phase}, not {expected.Phase}";
        if (facts.AttemptsUsed != expected.Attempts) return $"{facts.AttemptsUsed} attempts are counted, not {expected.Attempts}";
        if (facts.Restarts != expected.Restarts || facts.RestartsCounted != expected.Counted)
            return $"{facts.RestartsCounted} of {facts.Restarts} restarts are counted, not {expected.Counted} of {expected.Restarts}";
        var @class = (string?)status["attempts"]?.AsArray().LastOrDefault()?["failureClass"];
        return @class == expected.Class?.ToString() ? null : $"the last class is {@class}, not {expected.Class}";
    }
}

/// <summary>What a job must have come to.</summary>
internal sealed record Expectation(string Phase, int Attempts, int Restarts, int Counted, FailureClass? Class)
{
    private const int UncountedInARow = 10;

    /// <summary>Plays a plot through; null when chance decides.</summary>
    public static Expectation? Of(JobPlot plot)
    {
        if (plot.Actions.Count > 0 || plot.ByChance) return null;
        var (restarts, counted, uncounted) = (0, 0, 0);
        string? lastUnknown = null;
        var stepped = false;
        foreach (var fault in plot.Faults)
        {
            var made = fault.Step > 0;
            stepped |= made;
            if (made) (uncounted, lastUnknown) = (0, null);
            if (plot.MinStepsToReset > 0 && fault.Step >= plot.MinStepsToReset) counted = 0;
            var unknownAgain = fault.Class == FailureClass.Unknown && lastUnknown == fault.Message;
            // Only the attempt before is compared.
            lastUnknown = fault.Class == FailureClass.Unknown ? fault.Message : null;
            var ends = fault.Class switch
            {
                FailureClass.Configuration or FailureClass.OutOfMemory => !stepped,
                FailureClass.Deadline => true,
                FailureClass.Unknown => unknownAgain,
                _ => false,
            };
            var free = fault.Class == FailureClass.Infrastructure && uncounted < UncountedInARow;
            if (ends || (!free && counted >= plot.MaxRestarts)) return new Expectation("Failed", restarts + 1, restarts, counted, fault.Class);
            restarts++;
            if (free) uncounted++;
            else counted++;
        }

        return new Expectation("Succeeded", restarts + 1, restarts, counted, null);
    }
}
