namespace GrpoOperator.Crds;

/// <summary>The Ray cluster inside the job.</summary>
public sealed record RaySpec
{
    /// <summary>Port of the head; the next one is the launchers' handshake.</summary>
    public int Port { get; init; } = 6379;

    /// <summary>CPUs that Ray may hand out per node; null: the cpu limit, else the request.</summary>
    public int? CpusPerNode { get; init; }

    /// <summary>Size of the object store, a quantity; null: Ray's default.</summary>
    public string? ObjectStoreMemory { get; init; }

    /// <summary>Whether the dashboard listens beyond 127.0.0.1.</summary>
    public bool Dashboard { get; init; }

    /// <summary>Port of the dashboard.</summary>
    public int DashboardPort { get; init; } = 8265;
}
