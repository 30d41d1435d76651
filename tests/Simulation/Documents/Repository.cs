namespace GrpoOperator.Simulation.Documents;

/// <summary>Files of the repository that tests read, or with <c>UPDATE_GOLDEN=1</c> write.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static bool Renews => Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";

    public static string Path(string name) => System.IO.Path.Combine(Root, name);

    private static string Find(string folder) =>
        File.Exists(System.IO.Path.Combine(folder, "Operator.sln")) ? folder
        : Find(Directory.GetParent(folder)?.FullName ?? throw new InvalidOperationException("Operator.sln is in no folder above the tests"));
}
