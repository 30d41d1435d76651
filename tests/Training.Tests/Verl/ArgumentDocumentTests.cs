using GrpoOperator.Training.Verl;
using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Training.Tests.Verl;

/// <summary>The table from fields to keys in the documentation is the one that writes arguments.</summary>
public sealed class ArgumentDocumentTests
{
    // Nothing but what a job must have.
    private const string Bare = "actor: {ppoMicroBatchSizePerNpu: null, klLossCoefficient: null}, reference: null, rollout: {logProbMicroBatchSizePerNpu: null}, trainer: {totalSteps: null, saveFrequency: null}";

    private static readonly string[] Kinds =
    [
        "strategy: FSDP", "strategy: FSDP2", "strategy: Custom", "strategy: Megatron, model: {distCheckpointPath: /weight/dist}", "strategy: Megatron, model: {weights: MBridge}",
    ];

    private static readonly string[][] Documented =
    [
        .. File.ReadLines(TestFiles.PathOf("docs", "verl.md"))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells is [_, _, _, "W" or "V", _, _]),
    ];

    [Fact]
    public void Every_row_of_the_table_is_documented_in_its_order() =>
        Assert.Equal(
            ArgumentTable.All.Select(row => $"{row.Field} {row.Key}").Distinct(StringComparer.Ordinal),
            Documented.Select(cells => $"{cells[1].Trim('`')} {cells[2].Trim('`')}"));

    [Fact]
    public void W_is_what_a_job_gets_that_says_no_more_than_it_must()
    {
        var written = Kinds.SelectMany(kind => Samples.Arguments(Samples.Spec("minimal", $"{{{Bare}, {kind}}}")))
            .Select(argument => Assignment.Read(argument).Result?.Key).OfType<string>().ToHashSet(StringComparer.Ordinal);
        Assert.Equal(
            ArgumentTable.All.Select(row => row.Key).Distinct(StringComparer.Ordinal).Select(key => $"{key} {(written.Contains(key) ? "W" : "V")}"),
            Documented.Select(cells => $"{cells[2].Trim('`')} {cells[3]}"));
    }
}
