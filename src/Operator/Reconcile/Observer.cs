using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using GrpoOperator.Operator.Views;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.Reconcile;

/// <summary>Takes the observation of one job from caches and memory, without any request.</summary>
internal sealed class Observer(JobCaches caches, AnswerBook answers, ConsoleBook consoles, Timings timings, TimeProvider time)
{
    private static readonly ChildKind[] BatchKinds = [ChildKind.InspectionJob, ChildKind.DataJob, ChildKind.ConversionJob];

    /// <summary>What is seen of a job now.</summary>
    public Observation Of(TrainingJobView view, ClusterFacts cluster)
    {
        var job = view.Job;
        var set = Ours(caches.StatefulSets, job, ChildKind.StatefulSet);
        var batchJobs = BatchKinds
            .Select(kind => (Kind: kind, View: Ours(caches.BatchJobs, job, kind)))
            .Where(pair => pair.View is not null)
            .ToDictionary(pair => pair.Kind, pair => pair.View!.Observed);
        ObservedPod[] pods = [.. caches.Pods.ByIndex(JobCaches.ByJob, job.Uid).Where(pod => IsOurs(pod, job)).Select(pod => pod.Observed)];
        return new Observation
        {
            Now = time.GetUtcNow().UtcDateTime.WholeSeconds(),
            Job = job,
            Pods = pods,
            Nodes = Nodes(job, pods),
            ScaleUpAt = pods.SelectMany(pod => caches.ScaleUps.ByIndex(JobCaches.ByOwner, pod.Uid)).Select(scaleUp => (DateTime?)scaleUp.Refusal.At).Max(),
            StatefulSet = set?.Observed,
            BatchJobs = batchJobs,
            LaunchConfig = Ours(caches.ConfigMaps, job, ChildKind.LaunchConfig)?.Observed,
            Service = Ours(caches.Services, job, ChildKind.Service)?.Observed,
            NetworkPolicyExists = Ours(caches.NetworkPolicies, job, ChildKind.NetworkPolicy) is not null,
            PodRefusals = Refusals(set?.Uid, batchJobs),
            Console = consoles.Of(job.Uid),
            Answers = answers.Of(job.Uid),
            Cluster = cluster,
            Timings = timings,
        };
    }

    /// <summary>The nodes that the job's pods are or were on; all of them when the job looks for others than some.</summary>
    private Dictionary<string, ObservedNode> Nodes(ObservedTrainingJob job, IReadOnlyList<ObservedPod> pods)
    {
        if (caches.Nodes is not { } nodes) return [];
        if (job.Status.SuspectNodes is { Count: > 0 }) return nodes.All().Select(node => node.Observed).ToDictionary(node => node.Name, StringComparer.Ordinal);
        return pods.Select(pod => pod.Node).Concat((job.Status.CurrentAttempt?.Pods ?? []).Select(pod => pod.Node))
            .OfType<string>().Distinct(StringComparer.Ordinal)
            .Select(name => nodes.Get(new NamespacedName(string.Empty, name))?.Observed).OfType<ObservedNode>()
            .ToDictionary(node => node.Name, StringComparer.Ordinal);
    }

    /// <summary>Whether a pod's controller is a child of this job by kind and name; labels alone prove nothing.</summary>
    public static bool IsOurs(ChildView<ObservedPod> pod, ObservedTrainingJob job) =>
        pod.NamespacedName.Namespace == job.Namespace && pod.Owner switch
        {
            { Kind: "StatefulSet", Name: var name } => name == Names.Of(ChildKind.StatefulSet, job.Name),
            { Kind: "Job", Name: var name } => BatchKinds.Any(kind => name == Names.Of(kind, job.Name)),
            _ => false,
        };

    private static ChildView<T>? Ours<T>(Store<ChildView<T>> store, ObservedTrainingJob job, ChildKind kind) =>
        store.Get(new NamespacedName(job.Namespace, Names.Of(kind, job.Name))) is { } view && view.Owner?.Uid == job.Uid ? view : null;

    private Dictionary<ChildKind, PodRefusal> Refusals(string? setUid, IReadOnlyDictionary<ChildKind, ObservedBatchJob> batchJobs)
    {
        var owners = batchJobs.Select(pair => (pair.Key, pair.Value.Uid)).Append((Key: ChildKind.StatefulSet, Uid: setUid ?? string.Empty));
        var refusals = new Dictionary<ChildKind, PodRefusal>();
        foreach (var (kind, uid) in owners)
        {
            var newest = caches.Refusals.SelectMany(store => store.ByIndex(JobCaches.ByOwner, uid)).MaxBy(refusal => refusal.Refusal.At);
            if (newest is not null) refusals[kind] = newest.Refusal;
        }

        return refusals;
    }
}
