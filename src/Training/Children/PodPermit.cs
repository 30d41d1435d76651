using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training.Children;

/// <summary>What one pod of a job may have beyond the restricted profile.</summary>
internal sealed record PodPermit
{
    /// <summary>The administrator's part.</summary>
    public required AllowedPodFields Allowed { get; init; }

    /// <summary>Whether the job itself put this pod on the host's network.</summary>
    public bool OnHostNetwork { get; init; }

    /// <summary>Host paths that the operator mounts by its own decision.</summary>
    public IReadOnlyList<HostMount> OwnHostPaths { get; init; } = [];

    /// <summary>The container that may ask for NPUs.</summary>
    public required string MainContainer { get; init; }

    /// <summary>The NPUs' resource; empty where the job names none.</summary>
    public required string NpuResource { get; init; }

    /// <summary>NPUs of <see cref="MainContainer"/>.</summary>
    public int Npus { get; init; }
}
