using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;
using GrpoOperator.Operator.Reconcile;
using GrpoOperator.Operator.Views;
using GrpoOperator.Training;
using GrpoOperator.Training.Children;

namespace GrpoOperator.Operator.IntegrationTests.Calibration;

/// <summary>An API server with the controllers behind it, in a history: it answers the same requests, in the same words, whichever it is.</summary>
/// <param name="api">How it is reached.</param>
/// <param name="namespace">Where the history happens.</param>
internal abstract class Side(IKubeApi api, string @namespace)
{
    /// <summary>The job, of which there is one at a time.</summary>
    protected const string JobName = "job";

    private const string NoUid = "00000000-0000-4000-8000-000000000000";

    private readonly Dictionary<string, string> earlierUids = new(StringComparer.Ordinal);
    private readonly Portrait portrait = new();
    private string earlierVersion = "1";
    private TrainingJobView? seen;

    protected IKubeApi Api => api;

    protected string Namespace => @namespace;

    /// <summary>Does a step.</summary>
    /// <returns>What the API server answered: <c>ok</c>, or code and reason of its refusal.</returns>
    public async Task<string> DoAsync(Step step)
    {
        if (await JobAsync() is { } job) seen = TrainingJobView.Decode(System.Text.Encoding.UTF8.GetBytes(job.ToJsonString()));
        try
        {
            await (step switch
            {
                Step.MakeJob => MakeJobAsync(Samples.Small(JobName, 3, "spec: {scheduling: {schedulerName: by-hand}, workers: {nodes: 2}}")),
                Step.ChangeSpec change => ChangeSpecAsync(change.To),
                Step.DeleteJob => DeleteAsync(Resources.TrainingJobs, JobName, Meant.Current),
                Step.Status status => StatusAsync(status),
                Step.Make make => api.CreateAsync(Resources.Of(make.Child), @namespace, Body(make), default),
                Step.Delete delete => DeleteAsync(Resources.Of(delete.Child), Names.Of(delete.Child, JobName), delete.Uid),
                Step.DeletePod pod => DeleteAsync(ApiResources.Pods, $"{JobName}-{pod.Rank}", pod.Uid, pod.Force),
                Step.Seal seal => Writer().SealAsync(seen!.Job, new Act.Seal(await UidAsync(ApiResources.StatefulSets, JobName, seal.Uid)), default),
                Step.Point point => Writer().PointServiceAsync(seen!.Job, new Act.PointService(await UidAsync(ApiResources.Services, JobName, point.Uid), point.Incarnation), default),
                Step.Bind bind => OnPodAsync($"{JobName}-{bind.Rank}", pod => Kube.At(pod, "spec", "nodeName") is null && !IsGoing(pod), BindAsync),
                Step.Evict evict => OnPodAsync($"{JobName}-{evict.Rank}", pod => Kube.At(pod, "spec", "nodeName") is not null && !IsGoing(pod), EvictAsync),
                Step.Gone gone => OnPodAsync($"{JobName}-{gone.Rank}", IsGoing, pod => DeleteAsync(ApiResources.Pods, Kube.Text(pod, "metadata", "name")!, Meant.Current, force: true)),
                Step.DeleteBatchPod pod => OnBatchPodAsync(pod.Child, found => api.DeleteAsync(ApiResources.Pods, new NamespacedName(@namespace, Kube.Text(found, "metadata", "name")!), new DeleteOptions(Kube.Text(found, "metadata", "uid")!, GracePeriodSeconds: pod.Force ? 0 : null), default)),
                Step.EndBatch end => OnBatchPodAsync(end.Child, pod => IsGoing(pod) || Kube.Text(pod, "status", "phase") is "Succeeded" or "Failed" ? Task.CompletedTask : EndAsync(pod, end.Well)),
                _ => throw new InvalidOperationException($"Unknown step {step}."),
            });
            return "ok";
        }
        catch (KubeApiException refusal)
        {
            return $"{refusal.StatusCode} {refusal.Reason}";
        }
    }

    /// <summary>Everything that is there now, a line for each object, in words that don't depend on uids.</summary>
    public async Task<IReadOnlyList<string>> LookAsync()
    {
        ApiResource[] kinds = [Resources.TrainingJobs, ApiResources.ConfigMaps, ApiResources.Services, ApiResources.NetworkPolicies, ApiResources.StatefulSets, ApiResources.Jobs, ApiResources.Pods];
        var found = new List<(ApiResource Kind, JsonObject Object)>();
        foreach (var kind in kinds) found.AddRange((await AllAsync(kind)).Select(item => (kind, item)));
        return portrait.Of(found, IsSealed);
    }

    /// <summary>The objects of a kind.</summary>
    protected abstract Task<IReadOnlyList<JsonObject>> AllAsync(ApiResource kind);

    protected abstract Task MakeJobAsync(JsonObject job);

    /// <summary>Gives the spec a value that it never had.</summary>
    protected abstract Task ChangeSpecAsync(int to);

    protected abstract Task BindAsync(JsonObject pod);

    /// <summary>Says that a pod was evicted: phase <c>Failed</c>.</summary>
    protected abstract Task EvictAsync(JsonObject pod);

    /// <summary>Says that the pod of a Job is over.</summary>
    protected abstract Task EndAsync(JsonObject pod, bool well);

    /// <summary>Whether a pod was made from a sealed template.</summary>
    protected abstract bool IsSealed(JsonObject pod);

    private static bool IsGoing(JsonObject pod) => Kube.At(pod, "metadata", "deletionTimestamp") is not null;

    private async Task<JsonObject?> JobAsync() => (await AllAsync(Resources.TrainingJobs)) is [var job, ..] ? job : null;

    private ChildWriter Writer() => new(api, api, new AnswerBook(), TimeProvider.System);

    private async Task OnPodAsync(string name, Func<JsonObject, bool> when, Func<JsonObject, Task> act)
    {
        var pod = (await AllAsync(ApiResources.Pods)).FirstOrDefault(pod => Kube.Text(pod, "metadata", "name") == name);
        if (pod is not null && when(pod)) await act(pod);
    }

    private async Task OnBatchPodAsync(ChildKind kind, Func<JsonObject, Task> act)
    {
        var owner = Names.Of(kind, JobName);
        var pod = (await AllAsync(ApiResources.Pods)).FirstOrDefault(pod => pod["metadata"]!["ownerReferences"]![0] is { } reference && (Kube.Text(reference, "kind"), Kube.Text(reference, "name")) == ("Job", owner));
        if (pod is not null) await act(pod);
    }

    private async Task DeleteAsync(ApiResource kind, string name, Meant uid, bool force = false) =>
        await api.DeleteAsync(kind, new NamespacedName(@namespace, name), new DeleteOptions(await UidAsync(kind, name, uid), GracePeriodSeconds: force ? 0 : null), default);

    private Task<ApiAnswer> StatusAsync(Step.Status step)
    {
        var version = step.Version == Meant.Current ? seen!.ResourceVersion : earlierVersion;
        earlierVersion = seen!.ResourceVersion;
        // A field that changes, one that comes and goes, and one inside an object.
        var status = new JsonObject { ["incarnation"] = step.To, ["reason"] = step.To % 2 == 0 ? "Even" : null, ["progress"] = new JsonObject { ["step"] = step.To % 3 == 0 ? null : step.To } };
        return api.MergePatchAsync(
            Resources.TrainingJobs, new NamespacedName(@namespace, JobName), "status", new JsonObject { ["metadata"] = new JsonObject { ["uid"] = seen.Uid, ["resourceVersion"] = version }, ["status"] = status }, default);
    }

    /// <summary>The uid of an object, or one that it doesn't have.</summary>
    private async Task<string> UidAsync(ApiResource kind, string name, Meant meant)
    {
        var now = Kube.Text((await AllAsync(kind)).FirstOrDefault(found => Kube.Text(found, "metadata", "name") == name), "metadata", "uid");
        var key = $"{kind.Plural}/{name}";
        var earlier = earlierUids.GetValueOrDefault(key);
        if (now is not null) earlierUids[key] = now;
        return meant == Meant.Current ? now ?? NoUid : earlier is { } && earlier != now ? earlier : NoUid;
    }

    private ReadOnlyMemory<byte> Body(Step.Make make)
    {
        var context = new ChildContext { Namespace = @namespace, JobName = JobName, JobUid = seen!.Uid, Spec = seen.Job.Spec!, Incarnation = make.Incarnation, Attempt = make.Incarnation };
        JsonObject body = make.Child switch
        {
            ChildKind.LaunchConfig => LaunchConfig.Build(context),
            ChildKind.InspectionJob => InspectionJob.Build(context),
            ChildKind.DataJob => DataJob.Build(context),
            ChildKind.Service => HeadlessService.Build(context),
            ChildKind.NetworkPolicy => JobNetworkPolicy.Build(context),
            _ => TrainerStatefulSet.Build(context),
        };
        return System.Text.Encoding.UTF8.GetBytes(body.ToJsonString());
    }
}
