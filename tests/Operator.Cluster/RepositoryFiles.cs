namespace GrpoOperator.Operator.Cluster;

/// <summary>Files of the repository that tests read.</summary>
internal static class RepositoryFiles
{
    private static readonly Lazy<string> Root = new(() =>
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Operator.sln"))) directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("the tests run outside the repository");
    });

    public static string PathOf(params string[] parts) => Path.Combine([Root.Value, .. parts]);
}
