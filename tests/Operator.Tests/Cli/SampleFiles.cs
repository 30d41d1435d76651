namespace GrpoOperator.Operator.Tests.Cli;

/// <summary>The samples of the repository, and folders for what tests make of them.</summary>
internal static class SampleFiles
{
    public static string Root { get; } = Find();

    public static IEnumerable<string> Names => Directory.GetFiles(Path.Combine(Root, "config", "samples"), "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    public static string PathOf(string name) => Path.Combine(Root, "config", "samples", $"{name}.yaml");

    /// <summary>A sample's text with one piece of it replaced.</summary>
    public static string Text(string name, string old = "", string @new = "")
    {
        var text = File.ReadAllText(PathOf(name));
        if (old.Length == 0) return text;
        Assert.Contains(old, text, StringComparison.Ordinal);
        return text.Replace(old, @new, StringComparison.Ordinal);
    }

    private static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Operator.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("the tests run outside the repository");
    }
}
