namespace GrpoOperator.Training.Ascend;

/// <summary>A path of the node that a pod sees at the same place, read-only.</summary>
/// <param name="Volume">Name of the volume.</param>
/// <param name="Path">Absolute path, on the node and in the container.</param>
/// <param name="Type">Kubernetes' hostPath type: what must be there.</param>
public sealed record HostMount(string Volume, string Path, string Type);

/// <summary>
/// What the Ascend container runtime would mount by itself, for nodes without it (<c>workers.driverMounts</c>). The devices
/// come from the device plugin either way.
/// </summary>
public static class DriverMounts
{
    /// <summary>Driver libraries, management interface, <c>npu-smi</c>, and the file that says where the driver is.</summary>
    public static IReadOnlyList<HostMount> All { get; } =
    [
        new("grpo-driver", "/usr/local/Ascend/driver", "Directory"),
        new("grpo-dcmi", "/usr/local/dcmi", "Directory"),
        new("grpo-npu-smi", "/usr/local/bin/npu-smi", "File"),
        new("grpo-install-info", "/etc/ascend_install.info", "File"),
    ];
}
