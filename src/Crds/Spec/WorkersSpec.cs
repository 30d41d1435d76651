using System.Text.Json;

namespace GrpoOperator.Crds;

/// <summary>The pods that train.</summary>
public sealed record WorkersSpec
{
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
    public string SharedMemory { get; init; } = "64Gi";

    /// <summary>Whether the host's Ascend driver is mounted, read-only.</summary>
    public bool DriverMounts { get; init; }

    /// <summary>Whether pods use the host's network.</summary>
    public bool HostNetwork { get; init; }

    /// <summary>Interface for HCCL, GLOO and TP sockets; null: the one that holds the pod's address.</summary>
    public string? NetworkInterface { get; init; }

    /// <summary>Pod-template overlay.</summary>
    public JsonElement? Template { get; init; }
}
