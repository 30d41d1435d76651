namespace GrpoOperator.Training.Tests.Verl;

/// <summary>Files of the repository that tests read.</summary>
internal static class TestFiles
{
    private static readonly Lazy<string> Root = new(() =>
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Operator.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("the tests run outside the repository");
    });

    public static string PathOf(params string[] parts) => Path.Combine([Root.Value, .. parts]);

    /// <summary>The lines of a recorded data file, comments left out.</summary>
    public static IEnumerable<string> Data(string name) =>
        File.ReadAllLines(PathOf("tests", "Training.Tests", "Verl", "Data", name)).Where(line => line.Length > 0 && line[0] != '#');
}
