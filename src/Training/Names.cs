namespace GrpoOperator.Training;

/// <summary>Names of a job's children; all derive from the job's name (at most 40 characters, so every derived name fits).</summary>
public static class Names
{
    /// <summary>The container that counts in a trainer pod.</summary>
    public const string TrainerContainer = "trainer";

    /// <summary>The name of a child of the given kind.</summary>
    public static string Of(ChildKind kind, string job) => kind switch
    {
        ChildKind.LaunchConfig => job + "-launch",
        ChildKind.InspectionJob => job + "-inspect",
        ChildKind.DataJob => job + "-data",
        ChildKind.ConversionJob => job + "-convert",
        ChildKind.Service or ChildKind.NetworkPolicy or ChildKind.StatefulSet => job,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
    };

    /// <summary>The pod of a rank.</summary>
    public static string Pod(string job, int ordinal) => $"{job}-{ordinal}";

    /// <summary><c>MASTER_ADDR</c>: rank 0's name, resolvable before it is ready.</summary>
    public static string MasterAddress(string job, string @namespace) => $"{job}-0.{job}.{@namespace}.svc";

    /// <summary>The container of a child's pod whose end counts; also its component label.</summary>
    public static string MainContainer(ChildKind kind) => kind switch
    {
        ChildKind.InspectionJob => "inspector",
        ChildKind.DataJob => "data",
        ChildKind.ConversionJob => "converter",
        _ => TrainerContainer,
    };
}
