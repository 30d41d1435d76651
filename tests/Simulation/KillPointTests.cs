using GrpoOperator.Crds;
using GrpoOperator.Simulation.Operators;
using GrpoOperator.Simulation.Plots;
using GrpoOperator.Simulation.Promises;

namespace GrpoOperator.Simulation;

/// <summary>One plot each, again and again: the operator is killed around its first write, its second, and so on to the last.</summary>
public sealed class KillPointTests
{
    private static readonly WriteFault[] Around = [WriteFault.CrashBefore, WriteFault.CrashAfter, WriteFault.Late, WriteFault.Throttled, WriteFault.AnswerLost];

    [Theory]
    [InlineData("success")]
    [InlineData("restart")]
    [InlineData("suspend")]
    [InlineData("gang release")]
    public async Task Wherever_the_operator_dies_the_end_is_the_same(string name)
    {
        var none = WriteFaults.None();
        var (_, expected) = await RunAsync(name, none);
        Assert.True(none.Writes > 10);
        foreach (var fault in Around)
        {
            for (var write = 1; write <= none.Writes; write++)
            {
                var (history, end) = await RunAsync(name, WriteFaults.AtWrite(write, fault));
                Assert.True(end == expected, $"{fault} at write {write}: {end}, not {expected}\n{history.World.Timeline}");
            }
        }
    }

    private static async Task<(History History, string End)> RunAsync(string name, WriteFaults faults)
    {
        var history = new History(Plot(name), order: 1, faults, noted: true);
        return (history, await history.RunAsync() ?? End(history));
    }

    /// <summary>What must not depend on the operator's death; how often a gang had to be released is a matter of time.</summary>
    private static string End(History history) => string.Join("; ", history.World.Jobs.Select(job => StatusFacts.Of(job.Status)).Select(facts =>
        $"{facts.Phase} {facts.Reason}, {facts.AttemptsUsed} attempts, {facts.RestartsCounted} of {facts.Restarts} restarts"));

    private static Plot Plot(string name)
    {
        var fault = new Fault(FaultKind.Exit, FailureClass.Runtime, Step: 1) { ExitCode = 139 };
        JobPlot[] jobs = name switch
        {
            "success" => [new JobPlot { Name = "math", ConvertedAlready = false }],
            "restart" => [new JobPlot { Name = "math", Faults = [fault] }],
            "suspend" => [new JobPlot { Name = "math", MoreSteps = 40, Actions = [new UserAction(UserActionKind.Suspend, 150), new UserAction(UserActionKind.Resume, 600)] }],
            _ => [new JobPlot { Name = "math" }, new JobPlot { Name = "code" }],
        };
        // This seed has the scheduler give each of two gangs half of what it needs.
        return new Plot { Seed = 3, Name = name, Nodes = 2, Jobs = jobs };
    }
}
