using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Reconcile;
using GrpoOperator.Simulation.Cluster;
using GrpoOperator.Simulation.Launcher;
using GrpoOperator.Simulation.Operators;
using GrpoOperator.Simulation.Server;
using GrpoOperator.Training;

namespace GrpoOperator.Simulation.Promises;

/// <summary>1. Two trainers of a job never live at once: where they share a directory the fence sees to it, else the pods.</summary>
internal static class OneTraining
{
    public static string? Broken(World world, TrainerRun run)
    {
        var other = world.Cluster.Runs.FirstOrDefault(other => other.JobUid == run.JobUid && other.End is null && other.Head.Alive);
        if (other is null) return null;
        // Nothing tells a trainer on a node that is cut off that it must end, when it has no directory to find a mark in.
        var unreachable = !world.Plot.OfJob(run.JobUid).CheckpointDir && !other.Head.Node.Online;
        return unreachable ? null : $"incarnation {run.Incarnation} trains while {other.Incarnation} lives on {other.Head.Node.Name}";
    }
}

/// <summary>2. Nothing is trained after a success.</summary>
internal static class NothingAfterSuccess
{
    public static string? Broken(World world, TrainerRun run)
    {
        var won = world.Cluster.Runs.FirstOrDefault(other => other.JobUid == run.JobUid && other.End == "Succeeded");
        if (won is null) return null;
        var told = world.Jobs.Any(job => job.Uid == run.JobUid && StatusFacts.Of(job.Status).IsFinal);
        // Of a success on a node that reached neither API server nor storage nobody can know.
        return told || world.Cluster.Folder(run.JobUid).Succeeded ? $"incarnation {run.Incarnation} trains after {won.Incarnation} succeeded" : null;
    }
}

/// <summary>3. Every incarnation has one cause, and every failure counts once.</summary>
internal static class Counting
{
    public static string? Broken(StatusFacts old, StatusFacts @new)
    {
        var raised = @new.Incarnation - old.Incarnation;
        if (raised is < 0 or > 1) return $"the incarnation went from {old.Incarnation} to {@new.Incarnation}";
        var restarts = @new.Restarts - old.Restarts;
        if (restarts is < 0 or > 1) return $"restarts went from {old.Restarts} to {@new.Restarts}";
        if (restarts == 1 && raised != 1) return "a restart was counted without a next incarnation";
        if (@new.AttemptsUsed - old.AttemptsUsed is < 0 or > 1) return $"attempts went from {old.AttemptsUsed} to {@new.AttemptsUsed}";
        if (@new.Attempt is { } attempt && attempt != @new.AttemptsUsed && attempt != @new.AttemptsUsed + 1) return $"attempt {attempt} is made when {@new.AttemptsUsed} are used";
        return old.Failing is not null && @new.Failing is null && raised == 0 && !@new.IsFinal && @new.Phase is not ("Suspended" or "Restarting")
            ? $"failure {old.Failing} was forgotten" : null;
    }
}

/// <summary>4. Status says what is going to be done before it is done.</summary>
internal static class StatusFirst
{
    public static string? Broken(World world, LeaderWrite write)
    {
        if (write.Late || world.Job(JobOf(world, write) ?? default) is not { } job) return null;
        var status = StatusFacts.Of(job.Status);
        if (write is { Verb: "POST", Resource.Plural: "statefulsets" } && status.Attempt is null) return "a StatefulSet is made for an attempt that status doesn't know";
        if (write is not { Verb: "DELETE", Resource.Plural: "statefulsets" } || write.Uid != status.SetUid) return null;
        var said = status.Failing is not null || status.IsFinal || status.IsSuspending || status.Phase is "Suspended" or "Restarting";
        var made = world.Server.Find(write.Resource, write.Key) as JsonObjectEntry;
        var stale = made is not null && (string?)made.Body["metadata"]!["labels"]![Labels.Incarnation] != status.Incarnation.ToString();
        return said || stale ? null : $"the gang is deleted while status says {status.Phase} {status.Reason}";
    }

    private static NamespacedName? JobOf(World world, LeaderWrite write) =>
        world.Jobs.FirstOrDefault(job => job.Key.Namespace == write.Key.Namespace && job.Key.Name == write.Key.Name)?.Key;
}

/// <summary>5. Only what belongs to the job is touched, and only by its uid.</summary>
internal static class OnlyOwn
{
    public static string? Broken(World world, LeaderWrite write)
    {
        if (write.Verb is "POST" || write.Resource == Resources.TrainingJobs) return null;
        if (write.Verb.StartsWith("DELETE", StringComparison.Ordinal) && write.Uid is null) return $"{write} has no uid";
        if (world.Server.Find(write.Resource, write.Key) is not { } found || (write.Uid is not null && found.Uid != write.Uid)) return null;
        if (found.JobUid is null || world.Plot.Jobs.All(plot => plot.Uid != found.JobUid)) return $"{write} touches a stranger";
        if (found is not PodObject pod) return null;
        var node = world.Cluster.Node(pod.State.Node);
        if (write.Verb != "DELETE by force") return $"{write}: pods go with their owner";
        return pod.State.DeletedAt is null ? $"{write} removes a pod that nobody deleted" : IsReady(world, node) && !write.Late ? $"{write}: its node is ready" : null;
    }

    /// <summary>A node that came back a moment ago may still look lost to a cache that is late.</summary>
    private static bool IsReady(World world, SimulatedNode? node) =>
        node is { IsThere: true, Object: { Ready: "True" } found } && world.Time.Now - found.ReadySince > TimeSpan.FromMinutes(2);
}

/// <summary>6. No gang is made while a pod of an earlier one is there.</summary>
internal static class NoGangBesideAnother
{
    public static string? Broken(World world, LeaderWrite write)
    {
        if (write is not { Verb: "POST", Resource.Plural: "statefulsets", Late: false }) return null;
        if (world.Server.Find(write.Resource, write.Key) is not null) return null;
        var old = world.Server.Pods.FirstOrDefault(pod => pod.State.Template.IsTrainer && pod.State.Template.Job == write.Key.Name);
        return old is null ? null : $"a StatefulSet is made while {old.Key.Name} of incarnation {old.State.Template.Incarnation} is there";
    }
}

/// <summary>10. Phase and newest condition say what a job waits for.</summary>
internal static class NamedWait
{
    public static string? Broken(Decision decision)
    {
        var status = decision.Status;
        if (status.Phase is not { } phase) return "a job waits without a phase";
        if (status.Reason is not { Length: > 0 } reason) return $"a job waits in {phase} without a reason";
        return status.Conditions.Any(condition => condition.Reason == reason && condition.Message.Length > 0) ? null : $"reason {reason} stands in no condition";
    }
}

/// <summary>9. A decision that was carried out is not made again.</summary>
internal static class Repetition
{
    public static string? Broken(Decision done, Decision next)
    {
        foreach (var act in done.Acts)
        {
            if (next.Acts.Any(other => Same(act, other))) return $"it would do it again: {Name(act)}";
        }

        return null;
    }

    public static string Name(Act act) => act switch
    {
        Act.Create create => $"create {create.Child}",
        Act.Delete delete => $"delete {delete.Child} {delete.Uid}",
        _ => act.GetType().Name,
    };

    private static bool Same(Act one, Act other) => (one, other) switch
    {
        (Act.Create a, Act.Create b) => a.Child == b.Child,
        _ => one == other,
    };
}
