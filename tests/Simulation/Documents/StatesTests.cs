using System.Text;
using GrpoOperator.Simulation.Promises;

namespace GrpoOperator.Simulation.Documents;

/// <summary>
/// <c>docs/states.md</c> is what the histories saw. What only a few of them saw comes and goes with every change of timing:
/// it may stand there or not.
/// </summary>
[Collection(nameof(Histories))]
public sealed class StatesTests(Histories all)
{
    private const int Often = 10;
    private static readonly string Document = Repository.Path("docs/states.md");

    [Fact]
    public async Task The_phase_diagram_is_what_the_histories_saw()
    {
        if (Histories.Number("SIM_SEED") is not null) return;
        var rows = Rows().ToDictionary(row => row.Text, row => row.Count, StringComparer.Ordinal);
        if (Repository.Renews) await File.WriteAllTextAsync(Document, Text(), TestContext.Current.CancellationToken);

        var written = (await File.ReadAllLinesAsync(Document, TestContext.Current.CancellationToken)).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        var unwritten = rows.Where(row => row.Value >= Often && !written.Contains(row.Key)).Select(row => row.Key);
        Assert.True(!unwritten.Any(), $"seen, but not in docs/states.md (UPDATE_GOLDEN=1 writes it):\n{string.Join('\n', unwritten)}");
        if (!Histories.AreTheUsual) return;
        var unseen = written.Where(line => !rows.ContainsKey(line));
        Assert.True(!unseen.Any(), $"in docs/states.md, but not seen (UPDATE_GOLDEN=1 takes it out):\n{string.Join('\n', unseen)}");
    }

    private IEnumerable<(string Text, int Count)> Rows() =>
        all.Transitions.Select(pair => (Row(pair.Key), pair.Value)).Concat(all.Waits.Select(pair => (Row(pair.Key.Phase, pair.Key.Reason), pair.Value)));

    private static string Row(Transition transition) => $"| `{transition.From}` | `{transition.To}` | `{transition.Reason}` |";

    private static string Row(string phase, string reason) => $"| `{phase}` | `{reason}` |";

    private string Text()
    {
        var often = all.Transitions.Where(pair => pair.Value >= Often).Select(pair => pair.Key).OrderBy(t => (t.From, t.To, t.Reason)).ToArray();
        var text = new StringBuilder();
        text.AppendLine(
            """
            # Phases of a job

            Written by the simulation from what its histories saw (`UPDATE_GOLDEN=1 dotnet test --project tests/Simulation`); a test fails when they
            see something else. What fewer than ten of ten thousand histories saw is left out. What each phase means stands in the reference of `status.phase`.

            ```mermaid
            stateDiagram-v2
            """);
        foreach (var (from, to) in often.Select(t => (t.From, t.To)).Distinct()) text.AppendLine($"    {(from == "(new)" ? "[*]" : from)} --> {to}");
        foreach (var final in often.Select(t => t.To).Distinct().Where(to => to is "Succeeded" or "Failed")) text.AppendLine($"    {final} --> [*]");
        text.AppendLine("```\n\n## Changes of phase and the reasons that are written with them\n\n| from | to | reason |\n|---|---|---|");
        foreach (var transition in often) text.AppendLine(Row(transition));
        text.AppendLine("\n## What a job says while it waits\n\nPhase and reason of jobs for which nothing was to be done until something happened.\n\n| phase | reason |\n|---|---|");
        foreach (var wait in all.Waits.Where(pair => pair.Value >= Often).Select(pair => pair.Key).Order()) text.AppendLine(Row(wait.Phase, wait.Reason));
        return text.ToString();
    }
}
