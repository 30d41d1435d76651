using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Reconcile;
using GrpoOperator.Simulation.Plots;

namespace GrpoOperator.Simulation.Promises;

/// <summary>What must be true of a job when nothing more can happen.</summary>
internal static class Endings
{
    public static (int Number, string How)? Broken(World world, JobPlot plot)
    {
        var job = world.Job(new NamespacedName(JobDocument.Namespace, plot.Name));
        if (Left(world, plot, job is null) is { } left) return (12, left);
        if (job is null) return plot.TtlSeconds is not null || plot.Actions.Any(action => action.Kind == UserActionKind.Delete) ? null : (12, "the job is gone");
        var status = StatusFacts.Of(job.Status);
        if (Unsettled(world, job.Key) is { } restless) return (9, restless);
        if (!status.IsFinal && !status.IsOutOfSync && status.Phase != "Suspended") return (8, $"nothing more happens, and the job is {status.Phase} {status.Reason}");
        return Oracle.Broken(plot, job.Status) is { } other ? (13, other) : null;
    }

    private static string? Left(World world, JobPlot plot, bool everything)
    {
        if (plot.CleanPodPolicy == "None" && !everything) return null;
        if (world.Server.All(ApiResources.StatefulSets).Any(set => set.JobUid == plot.Uid)) return "a StatefulSet is left";
        if (world.Server.Pods.Any(pod => pod.JobUid == plot.Uid && (everything || pod.State.Template.IsTrainer) && world.Cluster.Node(pod.State.Node) is null or { Online: true })) return "a pod is left";
        if (everything && world.Server.All(ApiResources.Jobs).Concat(world.Server.All(ApiResources.ConfigMaps)).Any(child => child.JobUid == plot.Uid)) return "a child is left of a job that is gone";
        return null;
    }

    private static string? Unsettled(World world, NamespacedName job)
    {
        if (world.Operators.Leader is not { } leader) return "nobody leads";
        leader.CatchUp();
        if (leader.Consider(job) is not { } next) return "the leader doesn't know the job";
        if (next.Decision.Acts.Count > 0) return $"it would still act: {Repetition.Name(next.Decision.Acts[0])}";
        if (StatusPatch.Between(next.Observation.Job.Status, next.Decision.Status, next.Observation.Job.Uid, "0") is { } patch) return $"it would still write {patch.ToJsonString()}";
        return next.Decision.LookAgainAt is { } at && at > next.Observation.Now ? $"it would look again at {at:HH:mm:ss}" : null;
    }
}
