using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.Simulation.Plots;

/// <summary>Does what the users of a plot do.</summary>
internal static class UserActions
{
    public static void Schedule(World world, JobPlot plot)
    {
        foreach (var action in plot.Actions)
            world.Agenda.After(action.After, () => Do(world, new NamespacedName(JobDocument.Namespace, plot.Name), action.Kind));
    }

    private static void Do(World world, NamespacedName key, UserActionKind kind)
    {
        if (world.Job(key) is not { } job) return;
        world.Note($"user: {kind} {key.Name}");
        switch (kind)
        {
            case UserActionKind.Suspend or UserActionKind.Resume:
                job.ChangeSpec(spec => spec["suspend"] = kind == UserActionKind.Suspend);
                break;
            case UserActionKind.Restart:
                job.RestartRequested = ApiTime(world);
                break;
            case UserActionKind.Delete:
                world.Server.Remove(job);
                return;
            case UserActionKind.DeleteBatchPod:
                foreach (var pod in world.Server.Pods.Where(pod => pod.JobUid == job.Uid && !pod.State.Template.IsTrainer).ToArray()) world.Server.Delete(pod.Resource, pod.Key, pod.Uid);
                return;
            case UserActionKind.ChangeSpec or UserActionKind.RestoreSpec:
                job.ChangeSpec(spec => spec["data"]!["trainBatchSize"] = kind == UserActionKind.ChangeSpec ? 64 : 32);
                break;
            default:
                throw new InvalidOperationException($"unknown action {kind}");
        }

        world.Server.Touch(job);
    }

    private static string ApiTime(World world) => Server.ApiServer.Time(world.Time.Now);
}
