namespace GrpoOperator.Operator.Tests.Cli.Import;

/// <summary>Files of the repository that the tests of the import read.</summary>
internal static class RepositoryTree
{
    private static readonly Lazy<string> Root = new(() =>
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Operator.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("the tests run outside the repository");
    });

    public static string PathOf(params string[] parts) => Path.Combine([Root.Value, .. parts]);

    public static string Script(string name) => PathOf("tests", "Operator.Tests", "Cli", "Import", "Scripts", $"{name}.sh");

    public static IEnumerable<string> Names(string pattern, params string[] folder) =>
        Directory.EnumerateFiles(PathOf(folder), pattern).Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);
}
