namespace GrpoOperator.Training.Tests.Decisions;

/// <summary>What happens to a sketched job's inspection, data and conversion Jobs before they end.</summary>
internal static class SketchedJobs
{
    /// <summary>The Job's one pod, on node-1 unless it is changed.</summary>
    public static Sketch WithJobPod(this Sketch sketch, ChildKind kind, Func<ObservedPod, ObservedPod> change) => sketch.WithoutJobPods().With(seen => seen with
    {
        Pods =
        [
            .. seen.Pods,
            change(new ObservedPod
            {
                Name = $"{Names.Of(kind, "math")}-x1y2z",
                Uid = $"pod-of-{seen.BatchJobs[kind].Uid}",
                Owner = new ObservedOwner("Job", Names.Of(kind, "math"), seen.BatchJobs[kind].Uid),
                Incarnation = seen.BatchJobs[kind].Incarnation,
                Node = "node-1",
            }),
        ],
    });

    /// <summary>The pods of Jobs are gone from the cache.</summary>
    public static Sketch WithoutJobPods(this Sketch sketch) => sketch.With(seen => seen with { Pods = [.. seen.Pods.Where(pod => pod.Ordinal >= 0)] });

    /// <summary>The Job failed by its deadline, and the API server was asked for its pod since: there is none.</summary>
    public static Sketch JobIsOver(this Sketch sketch, ChildKind kind) => sketch.With(seen => seen with
    {
        BatchJobs = new Dictionary<ChildKind, ObservedBatchJob>(seen.BatchJobs)
        {
            [kind] = seen.BatchJobs[kind] with { Outcome = BatchJobOutcome.Failed, FailureReason = "DeadlineExceeded" },
        },
        Answers = seen.Answers with { Pods = new PodsAnswer(seen.Now, [], seen.BatchJobs[kind].Uid) },
    });

    /// <summary>A create was refused just now.</summary>
    public static Sketch Refused(this Sketch sketch, ChildKind kind, RefusalKind why, string message) => sketch.With(seen => seen with
    {
        Answers = seen.Answers with { Refused = new Dictionary<ChildKind, RefusedWrite> { [kind] = new(seen.Now, why, message) } },
    });
}
