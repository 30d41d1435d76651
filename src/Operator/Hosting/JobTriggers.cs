using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using GrpoOperator.KubeRuntime.Queue;
using GrpoOperator.Operator.Metrics;
using GrpoOperator.Operator.Reconcile;
using GrpoOperator.Operator.Views;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.Hosting;

/// <summary>Which change makes which job be looked at, and how urgently: a user's change and a failure go first.</summary>
internal static class JobTriggers
{
    public static void Watch(IServiceProvider provider, Controller controller)
    {
        var caches = provider.GetRequiredService<JobCaches>();
        var reconciler = provider.GetRequiredService<GrpoTrainingJobController>();
        var phases = provider.GetRequiredService<PhaseTimes>();
        controller.Watch(caches.Jobs, (change, enqueue) =>
        {
            phases.Seen(change.Old?.Job, change.New?.Job);
            if (change.Old is { } old && old.Uid != change.New?.Uid) reconciler.Forget(old.NamespacedName, old.Uid);
            enqueue(change.View.NamespacedName, IsUsersChange(change) ? Lane.Urgent : Lane.Child);
        });
        var answers = provider.GetRequiredService<AnswerBook>();
        controller.Watch(caches.Pods, (change, enqueue) =>
        {
            // Seen once is known: the pod may be gone before the next decision.
            if (change.New?.Observed.FirstEnd is not null) answers.Ended(change.New.JobUid, change.New.Uid);
            enqueue(change.View.JobKey, IsEnd(change) ? Lane.Urgent : Lane.Child);
        });
        controller.Watch(caches.StatefulSets, Child);
        controller.Watch(caches.BatchJobs, Child);
        controller.Watch(caches.Services, Child);
        controller.Watch(caches.ConfigMaps, Child);
        controller.Watch(caches.NetworkPolicies, Child);
        if (caches.Nodes is { } nodes) controller.Watch(nodes, (change, enqueue) => OfNode(caches, change, enqueue));
        foreach (var refusals in caches.Refusals) controller.Watch(refusals, (change, enqueue) => Refused(caches, change, enqueue));
        provider.GetRequiredService<ConsoleBook>().OnNews = job => controller.Enqueue(job, Lane.Progress);
    }

    /// <summary>A node that comes or goes matters to the jobs that have pods on it.</summary>
    private static void OfNode(JobCaches caches, StoreChange<NodeView> change, Enqueue enqueue)
    {
        foreach (var pod in caches.Pods.ByIndex(JobCaches.ByNode, change.View.NamespacedName.Name)) enqueue(pod.JobKey, Lane.Child);
    }

    private static void Child<T>(StoreChange<ChildView<T>> change, Enqueue enqueue) => enqueue(change.View.JobKey, Lane.Child);

    private static bool IsUsersChange(StoreChange<TrainingJobView> change) =>
        change.Old is null || change.New is null || change.Old.Job.Generation != change.New.Job.Generation || change.New.Job.Deleting
        || change.New.Job.Annotations.GetValueOrDefault(Labels.RestartRequested) != change.Old.Job.Annotations.GetValueOrDefault(Labels.RestartRequested);

    private static bool IsEnd(StoreChange<ChildView<ObservedPod>> change) =>
        change.New is null || change.New.Observed.Deleting || (change.New.Observed.FirstEnd is not null && change.Old?.Observed.FirstEnd is null);

    /// <summary>An event names a StatefulSet or Job, not the training job: the object's labels do.</summary>
    private static void Refused(JobCaches caches, StoreChange<RefusalView> change, Enqueue enqueue)
    {
        var name = new NamespacedName(change.View.NamespacedName.Namespace, change.View.OwnerName);
        if (caches.StatefulSets.Get(name) is { } set && set.Uid == change.View.OwnerUid) enqueue(set.JobKey, Lane.Child);
        if (caches.BatchJobs.Get(name) is { } job && job.Uid == change.View.OwnerUid) enqueue(job.JobKey, Lane.Child);
    }
}
