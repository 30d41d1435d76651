namespace GrpoOperator.Chart.Tests;

/// <summary>Places in the source tree.</summary>
internal static class Tree
{
    public static string Root { get; } = FindRoot();

    public static string Chart { get; } = Path.Combine(Root, "charts", "grpo-operator");

    public static string ReadChart(string file) => File.ReadAllText(Path.Combine(Chart, file));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Operator.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the tests don't lie below the source tree");
    }
}
