using System.Runtime.CompilerServices;
using GrpoOperator.Crds;

namespace GrpoOperator.Training.Tests.Decisions;

/// <summary>The table of classes in the documentation is the one that decides.</summary>
public sealed class FailureTableTests
{
    [Fact]
    public void The_documented_table_is_the_one_that_decides()
    {
        var documented = File.ReadLines(Path.Combine(Root(), "docs", "failures.md"))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 6 && Enum.TryParse<FailureClass>(cells[1], out _))
            .Select(cells => $"{cells[1]} {cells[3]} {cells[4]}");
        Assert.Equal(FailureTable.Rows.Select(row => $"{row.Class} {row.BeforeStep} {row.AfterStep}"), documented);
    }

    [Fact]
    public void Every_class_has_a_row() => Assert.Equal(Enum.GetValues<FailureClass>().Order(), FailureTable.Rows.Select(row => row.Class).Order());

    private static string Root([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));
}
