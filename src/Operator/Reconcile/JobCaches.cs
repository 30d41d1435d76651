using GrpoOperator.KubeRuntime.Caches;
using GrpoOperator.Operator.Views;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.Reconcile;

/// <summary>The caches that an observation is taken from. Reading them costs no request.</summary>
internal sealed record JobCaches
{
    /// <summary>Index of children and pods by the job's uid.</summary>
    public const string ByJob = "job-uid";

    /// <summary>Index of pods by the node that they are bound to.</summary>
    public const string ByNode = "node";

    /// <summary>Index of refusals by the uid of the StatefulSet or Job.</summary>
    public const string ByOwner = "owner-uid";

    public required Store<TrainingJobView> Jobs { get; init; }

    public required Store<ChildView<ObservedPod>> Pods { get; init; }

    public required Store<ChildView<ObservedStatefulSet>> StatefulSets { get; init; }

    public required Store<ChildView<ObservedBatchJob>> BatchJobs { get; init; }

    public required Store<ChildView<ObservedService>> Services { get; init; }

    public required Store<ChildView<ObservedConfigMap>> ConfigMaps { get; init; }

    public required Store<ChildView<string>> NetworkPolicies { get; init; }

    public required IReadOnlyList<Store<RefusalView>> Refusals { get; init; }

    /// <summary>The autoscaler's promises to make room, by pod.</summary>
    public required Store<RefusalView> ScaleUps { get; init; }

    /// <summary>Null where nodes may not be read.</summary>
    public Store<NodeView>? Nodes { get; init; }

    /// <summary>Adds the indexes; once, before anything is in the caches.</summary>
    public void AddIndexes()
    {
        Pods.AddIndex(ByJob, pod => [pod.JobUid]);
        Pods.AddIndex(ByNode, pod => pod.Observed.Node is { Length: > 0 } node ? [node] : []);
        ScaleUps.AddIndex(ByOwner, scaleUp => [scaleUp.OwnerUid]);
        foreach (var refusals in Refusals) refusals.AddIndex(ByOwner, refusal => [refusal.OwnerUid]);
    }
}
