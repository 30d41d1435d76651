using GrpoOperator.Crds;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.Cli.Render;

/// <summary>Names everything that the children depend on and that a manifest doesn't hold; nothing that makes no difference to this job.</summary>
internal static class Unknowns
{
    /// <summary>The unknowns of a job.</summary>
    /// <param name="job">The job as it was given.</param>
    /// <param name="made">The children that it has.</param>
    /// <param name="cluster">What was taken for the cluster.</param>
    public static IEnumerable<Unknown> Of(ObservedTrainingJob job, IReadOnlySet<ChildKind> made, ClusterFacts cluster)
    {
        var spec = job.Spec!;
        if (job.Uid.Length == 0) yield return Uid(spec);
        if (spec.Suspend) yield return new("Suspend", "spec.suspend", "suspend is true: nothing is made until it is taken back; this is what is made then");
        foreach (var unknown in OfBatchJobs(job, made)) yield return unknown;
        if (spec.Scheduling is { Gang: GangMode.Auto, SchedulerName: "volcano" })
            yield return new("Volcano", "spec.scheduling", $"scheduling.gang is Auto: {(cluster.Volcano ? "Volcano's PodGroups are taken to be served" : "Volcano's PodGroups are taken not to be served, and the operator starts the gang itself")} (--volcano)");
        if (cluster.PodGroups)
            yield return new("PodGroups", "spec.scheduling", $"a PodGroup is owned by its StatefulSet, whose uid the API server gives: {RenderedJob.PlaceholderUid} stands for it (--volcano-pod-groups)");
        yield return new("NetworkPolicy", "", $"an operator that runs with --network-policy={(made.Contains(ChildKind.NetworkPolicy) ? "false" : "true")} makes {(made.Contains(ChildKind.NetworkPolicy) ? "no" : "a")} NetworkPolicy");
        if (cluster.Allowed.RunAsRoot) yield return new("RunAsRoot", "", "an operator that runs with --allow-run-as-root=false adds runAsNonRoot to every pod");
        yield return new("Server", "", "an API server adds its own defaults; webhooks and quotas of the cluster may change or refuse what is made");
    }

    private static Unknown Uid(GrpoTrainingJobSpec spec) => new(
        "Uid",
        "metadata",
        $"metadata.uid is given by the API server: {RenderedJob.PlaceholderUid} stands for it in labels, selectors, owners and variables"
            + (spec.Workers.HostNetwork ? ", and every port on the host's network follows from it" : ""));

    private static IEnumerable<Unknown> OfBatchJobs(ObservedTrainingJob job, IReadOnlySet<ChildKind> made)
    {
        if (made.Contains(ChildKind.InspectionJob))
            yield return new("Inspection", "spec.inspection", "the inspection is taken to find nothing wrong; what it finds is known in the cluster only");
        if (made.Contains(ChildKind.DataJob))
            yield return new("Data", "spec.data.prepare", $"Job {Names.Of(ChildKind.DataJob, job.Name)} is not made when the inspection finds all data files");
        if (made.Contains(ChildKind.ConversionJob))
            yield return new("Weights", "spec.model.distCheckpointPath", $"Job {Names.Of(ChildKind.ConversionJob, job.Name)} is not made when the inspection finds converted weights in {job.Spec!.Model.DistCheckpointPath}");
    }
}
