using System.Text.Json;
using System.Text.Json.Serialization;

namespace GrpoOperator.Crds;

/// <summary>The pods that train.</summary>
public sealed record WorkersSpec
{
    /// <summary>The CRD's defaults: a parameter stands for each field whose default isn't its type's zero.</summary>
    /// <remarks>Generated JSON readers know the defaults of parameters but not those of init-only properties.</remarks>
    [JsonConstructor]
    public WorkersSpec(
        string sharedMemory = "64Gi")
    {
        SharedMemory = sharedMemory;
    }

    /// <summary>Pods, one per node.</summary>
    public required int Nodes { get; init; }

    /// <summary>NPUs of a pod; null: the accelerator's.</summary>
    public int? NpusPerNode { get; init; }

    /// <summary>Machine.</summary>
    public Accelerator Accelerator { get; init; } = Accelerator.Atlas800TA3;

    /// <summary>The device plugin's extended resource; null: the accelerator's.</summary>
    public string? ResourceName { get; init; }

    /// <summary>Requests and limits of cpu and memory, as in a pod.</summary>
    public JsonElement? Resources { get; init; }

    /// <summary>Size limit of <c>/dev/shm</c>, a quantity.</summary>
    public string SharedMemory { get; init; }

    /// <summary>Whether the host's Ascend driver is mounted, read-only.</summary>
    public bool DriverMounts { get; init; }

    /// <summary>Whether pods use the host's network.</summary>
    public bool HostNetwork { get; init; }

    /// <summary>Interface for HCCL, GLOO and TP sockets; null: the one that holds the pod's address.</summary>
    public string? NetworkInterface { get; init; }

    /// <summary>Pod-template overlay.</summary>
    public JsonElement? Template { get; init; }
}
