using System.Text.Json.Nodes;
using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>How far one try of an inspection, data or conversion Job is.</summary>
internal abstract record BatchStep
{
    private BatchStep()
    {
    }

    /// <summary>It was made now, or is to be made again since it isn't there.</summary>
    /// <param name="Refused">The API server refused it a while ago; the condition says why.</param>
    public sealed record Made(bool Refused) : BatchStep;

    /// <summary>It runs, or waits for something that is named.</summary>
    /// <param name="Reason">Condition reason, or null when there is nothing to say.</param>
    /// <param name="Message">What it waits for.</param>
    /// <param name="Warning">Whether somebody has to do something about it.</param>
    public sealed record Waiting(string? Reason, string Message, bool Warning) : BatchStep;

    /// <summary>Its container ended; the termination message is its result.</summary>
    public sealed record Ended(ContainerEnd End, ObservedPod Pod) : BatchStep;

    /// <summary>It is over without a result: its pod is gone or never ran.</summary>
    public sealed record Lost(string Message) : BatchStep;

    /// <summary>
    /// Looks at the Job of the given try, and makes it when it isn't there. A Job under the same name that belongs to
    /// another spec or another try is deleted first: its result is never taken.
    /// </summary>
    public static BatchStep Of(Observation observation, Draft draft, ChildKind kind, int @try, Func<ChildContext, JsonObject> build)
    {
        var context = ChildContext.Of(observation, draft.Status, @try);
        var job = observation.BatchJob(kind);
        if (job is null || job.Try != context.Try || job.Incarnation != context.Incarnation)
        {
            if (job is { Deleting: false }) draft.Do(new Act.Delete(kind, Names.Of(kind, context.JobName), job.Uid));
            // Until the old one is gone its name is taken; its going wakes the job.
            if (job is null or { Deleting: false }) ChildWrites.Ensure(observation, draft, kind, () => build(context));
            return new Made(observation.Answers.Refused.ContainsKey(kind));
        }

        var pod = PodOf(job, observation.Pods);
        if (pod?.FirstEnd is { } end) return new Ended(end, pod);
        if (job.Outcome != BatchJobOutcome.Running || pod is { Phase: "Failed" }) return Over(observation, draft, kind, job);
        if (pod is null) return WithoutPod(observation, kind);
        return PodWait.Of(pod) is { } wait
            ? new Waiting(wait.Reason, wait.Message, wait.Warning)
            : new Waiting(null, $"pod {pod.Name} runs on node {pod.Node}", Warning: false);
    }

    /// <summary>
    /// The Job is over, but the cache has no end of its pod: either cache may be the later one, so the API server is asked
    /// before a result is given up.
    /// </summary>
    private static BatchStep Over(Observation observation, Draft draft, ChildKind kind, ObservedBatchJob job)
    {
        // An answer from before the end may be older than the pod.
        if (observation.Answers.Pods is not { Pods: var pods, OverJob: var asked } || asked != job.Uid)
        {
            draft.AskForPods(overJob: job.Uid);
            return new Waiting(null, "its result is being asked for", Warning: false);
        }

        var name = Names.Of(kind, observation.Job.Name);
        var pod = PodOf(job, pods);
        if (pod?.FirstEnd is { } end) return new Ended(end, pod);
        return pod is null
            ? new Lost($"Job {name} is over ({job.FailureReason ?? job.Outcome.ToString()}) and its pod is gone")
            : new Lost($"pod {pod.Name} on node {pod.Node} failed: {pod.Reason}: {pod.Message}");
    }

    /// <summary>
    /// The pod that speaks for a Job. There may be two: before Kubernetes 1.26 a pod that is being deleted gets a successor at
    /// once. Whichever did the work, it is done; else the one that stays counts.
    /// </summary>
    private static ObservedPod? PodOf(ObservedBatchJob job, IReadOnlyList<ObservedPod> pods) =>
        pods.Where(pod => pod.Owner.Uid == job.Uid).OrderBy(pod => pod.FirstEnd is not { ExitCode: 0 }).ThenBy(pod => pod.Deleting).FirstOrDefault();

    private static Waiting WithoutPod(Observation observation, ChildKind kind) =>
        observation.PodRefusals.TryGetValue(kind, out var refusal)
            ? new Waiting(Reasons.PodsRefused, $"no pod may be made: {refusal.Message}", Warning: true)
            : new Waiting(null, "its pod is being made", Warning: false);
}
