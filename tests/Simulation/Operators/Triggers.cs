using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using GrpoOperator.Operator.Reconcile;
using GrpoOperator.Operator.Views;

namespace GrpoOperator.Simulation.Operators;

/// <summary>Which change makes which job be looked at, as in the operator.</summary>
internal static class Triggers
{
    public static void Watch(JobCaches caches, AnswerBook answers, Action<NamespacedName> enqueue)
    {
        caches.Jobs.Subscribe(change => enqueue(change.View.NamespacedName));
        caches.Pods.Subscribe(change =>
        {
            if (change.New?.Observed.FirstEnd is not null) answers.Ended(change.New.JobUid, change.New.Uid);
            enqueue(change.View.JobKey);
        });
        caches.Nodes?.Subscribe(change =>
        {
            foreach (var pod in caches.Pods.ByIndex(JobCaches.ByNode, change.View.NamespacedName.Name)) enqueue(pod.JobKey);
        });
        Children(caches.StatefulSets, enqueue);
        Children(caches.BatchJobs, enqueue);
        Children(caches.Services, enqueue);
        Children(caches.ConfigMaps, enqueue);
        Children(caches.NetworkPolicies, enqueue);
    }

    private static void Children<T>(Store<ChildView<T>> store, Action<NamespacedName> enqueue) =>
        store.Subscribe(change => enqueue(change.View.JobKey));
}
