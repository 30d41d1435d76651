using GrpoOperator.Crds;
using GrpoOperator.Training.Ascend;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training;

/// <summary>No NetworkPolicy holds on the host's network, and Ray runs whatever anybody sends it: allowed, but to be known.</summary>
public static class RayExposure
{
    /// <summary>The warning of a job on the host's network; null for any other.</summary>
    /// <param name="spec">The job's spec.</param>
    /// <param name="jobUid">Its uid, which the ports derive from; null before it has one.</param>
    public static Finding? Of(GrpoTrainingJobSpec? spec, string? jobUid)
    {
        if (spec is not { Workers.HostNetwork: true }) return null;
        var ports = jobUid is null ? null : HostPorts.Of(jobUid);
        var which = ports is null ? "ports that follow from the job's uid" : $"ports {ports.First} to {ports.LastWorker}";
        return new Finding(Reasons.RayExposed, FindingSeverity.Warning, $"workers.hostNetwork opens Ray on the nodes' own addresses, {which}: whoever reaches them can run code as this job; no NetworkPolicy holds there");
    }
}
