namespace GrpoOperator.Operator.Tests.Cli.Import;

/// <summary>Files of the repository that the tests of the import read.</summary>
internal static class RepositoryTree
{
    public static string PathOf(params string[] parts) => Path.Combine([SampleFiles.Root, .. parts]);

    public static string Script(string name) => PathOf("tests", "Operator.Tests", "Cli", "Import", "Scripts", $"{name}.sh");

    public static IEnumerable<string> Names(string pattern, params string[] folder) =>
        Directory.EnumerateFiles(PathOf(folder), pattern).Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);
}
