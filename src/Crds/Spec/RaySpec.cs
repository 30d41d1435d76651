using System.Text.Json.Serialization;

namespace GrpoOperator.Crds;

/// <summary>The Ray cluster inside the job.</summary>
public sealed record RaySpec
{
    /// <summary>The CRD's defaults: a parameter stands for each field whose default isn't its type's zero.</summary>
    /// <remarks>Generated JSON readers know the defaults of parameters but not those of init-only properties.</remarks>
    [JsonConstructor]
    public RaySpec(
        int port = 6379,
        int dashboardPort = 8265)
    {
        Port = port;
        DashboardPort = dashboardPort;
    }

    /// <summary>Port of the head; the next one is the launchers' handshake.</summary>
    public int Port { get; init; }

    /// <summary>CPUs that Ray may hand out per node; null: the cpu limit, else the request.</summary>
    public int? CpusPerNode { get; init; }

    /// <summary>Size of the object store, a quantity; null: Ray's default.</summary>
    public string? ObjectStoreMemory { get; init; }

    /// <summary>Whether the dashboard listens beyond 127.0.0.1.</summary>
    public bool Dashboard { get; init; }

    /// <summary>Port of the dashboard.</summary>
    public int DashboardPort { get; init; }
}
