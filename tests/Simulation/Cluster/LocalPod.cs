using GrpoOperator.Simulation.Launcher;
using GrpoOperator.Simulation.Server;

namespace GrpoOperator.Simulation.Cluster;

/// <summary>A pod as its node has it, whatever the API server knows of it.</summary>
internal sealed class LocalPod(PodObject pod)
{
    public PodObject Pod => pod;

    public PodTemplate Template => pod.State.Template;

    public int RankNumber => pod.State.Rank;

    /// <summary>The container as the kubelet would report it.</summary>
    public ContainerState Container { get; set; } = new();

    public DateTimeOffset? ReadySince { get; set; }

    /// <summary>The phase that the kubelet would report.</summary>
    public string Phase { get; set; } = "Pending";

    public string? Reason { get; set; }

    public string? Message { get; set; }

    /// <summary>The launcher of a trainer that runs now, or null.</summary>
    public Rank? Rank { get; set; }

    /// <summary>A container of a Job runs now.</summary>
    public bool Working { get; set; }

    /// <summary>In the pod's own folder: a container has run before.</summary>
    public bool Started { get; set; }

    /// <summary>In the pod's own folder: the verdict of the first container.</summary>
    public Verdict? Verdict { get; set; }

    /// <summary>A report to the API server is on its way.</summary>
    public bool Reporting { get; set; }

    /// <summary>SIGTERM was sent.</summary>
    public bool Stopping { get; set; }

    public bool Runs => Rank is not null || Working;
}
