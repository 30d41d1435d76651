using System.Text;
using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Events;
using GrpoOperator.Operator.Reconcile;
using GrpoOperator.Operator.Views;
using GrpoOperator.Training;
using Microsoft.Extensions.Time.Testing;

namespace GrpoOperator.Operator.Tests.Cli;

/// <summary>
/// An API server and its controllers, as far as one job's way to its gang needs them, under the operator's own observer,
/// decisions, executor and writer. It keeps the bodies of all POSTs.
/// </summary>
internal sealed class PlayedCluster : IKubeApi, IEventRecorder
{
    private readonly JobCaches caches = Caches.Empty();
    private readonly FakeTimeProvider time = new();
    private readonly AnswerBook answers = new();
    private readonly JsonObject job;
    private int version = 1;

    private PlayedCluster(JsonObject job)
    {
        this.job = job;
        ShowJob();
    }

    /// <summary>The bodies of all POSTs, in order.</summary>
    public List<string> Posts { get; } = [];

    /// <summary>Runs the operator until the gang's StatefulSet is made.</summary>
    public static async Task<IReadOnlyList<string>> PostsOf(JsonObject job, ClusterFacts facts)
    {
        var cluster = new PlayedCluster(job);
        var observer = new Observer(cluster.caches, cluster.answers, new ConsoleBook(), new Timings(), cluster.time);
        var executor = new Executor(cluster, cluster, cluster.answers, cluster, cluster.time);
        for (var round = 0; round < 50 && !cluster.caches.StatefulSets.All().Any(); round++)
        {
            var view = cluster.caches.Jobs.All().Single();
            await executor.CarryOutAsync(view, Decide.For(observer.Of(view, facts)), TestContext.Current.CancellationToken);
            cluster.time.Advance(TimeSpan.FromSeconds(1));
            if (view.Job.Status.Phase == Crds.JobPhase.Suspended) cluster.Resume();
        }

        return cluster.Posts;
    }

    public Task<ApiAnswer> CreateAsync(ApiResource resource, string? @namespace, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var text = Encoding.UTF8.GetString(body.Span);
        Posts.Add(text);
        var stored = JsonNode.Parse(text)!.AsObject();
        Assert.Equal((resource.ApiVersion, resource.Kind, @namespace), ((string)stored["apiVersion"]!, (string)stored["kind"]!, (string)stored["metadata"]!["namespace"]!));
        stored["metadata"]!["uid"] = $"uid-{Posts.Count}";
        stored["metadata"]!["resourceVersion"] = $"{++version}";
        Show(resource, stored);
        return Task.FromResult(new ApiAnswer(body));
    }

    public Task<ApiAnswer> PatchAsync(ApiResource resource, NamespacedName name, PatchType type, ReadOnlyMemory<byte> body, string? subresource, CancellationToken cancellationToken)
    {
        Assert.Equal((Resources.TrainingJobs, PatchType.Merge, "status"), (resource, type, subresource));
        Merge(job, JsonNode.Parse(body.Span)!.AsObject());
        ShowJob();
        return Task.FromResult(new ApiAnswer(body));
    }

    public Task<ListPage> ListPageAsync(ApiResource resource, Scope scope, int limit, string? continueToken, CancellationToken cancellationToken) =>
        Task.FromResult(new ListPage($"{version}", "", [], null));

    public void Record(EventSubject subject, EventType type, string reason, string message, string discriminator = "")
    {
    }

    public Task<IWatchStream> WatchAsync(ApiResource resource, Scope scope, string resourceVersion, TimeSpan lifetime, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ApiAnswer> GetAsync(ApiResource resource, NamespacedName name, CancellationToken cancellationToken) =>
        Task.FromException<ApiAnswer>(new KubeApiException(404, "NotFound", $"{name} is not played"));

    public Task<ApiAnswer> GetPathAsync(string path, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ApiAnswer> ReadPodLogAsync(NamespacedName pod, PodLogRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ApiAnswer> DeleteAsync(ApiResource resource, NamespacedName name, DeleteOptions options, CancellationToken cancellationToken) => throw new NotSupportedException();

    private void Resume()
    {
        job["spec"]!["suspend"] = false;
        ShowJob();
    }

    private void ShowJob()
    {
        job["metadata"]!["resourceVersion"] = $"{++version}";
        caches.Jobs.Apply(TrainingJobView.Decode(Encoding.UTF8.GetBytes(job.ToJsonString()))!);
    }

    private void Show(ApiResource resource, JsonObject stored)
    {
        var bytes = Encoding.UTF8.GetBytes(stored.ToJsonString());
        switch (resource.Plural)
        {
            case "configmaps": caches.ConfigMaps.Apply(ViewDecoders.ConfigMap(bytes)!); break;
            case "services": caches.Services.Apply(ViewDecoders.Service(bytes)!); break;
            case "networkpolicies": caches.NetworkPolicies.Apply(ViewDecoders.NetworkPolicy(bytes)!); break;
            case "statefulsets": caches.StatefulSets.Apply(ViewDecoders.StatefulSet(bytes)!); break;
            default: Finish(stored); break;
        }
    }

    /// <summary>A Job's pod runs and ends well; an inspection finds nothing of what other Jobs make.</summary>
    private void Finish(JsonObject stored)
    {
        stored["status"] = JsonNode.Parse("""{"conditions":[{"type":"Complete","status":"True"}]}""");
        var pod = stored["spec"]!["template"]!.DeepClone().AsObject();
        var main = (string)pod["metadata"]!["labels"]![Labels.Component]!;
        pod["metadata"]!["name"] = stored["metadata"]!["name"]!.DeepClone();
        pod["metadata"]!["namespace"] = stored["metadata"]!["namespace"]!.DeepClone();
        pod["metadata"]!["uid"] = $"pod-{version}";
        pod["metadata"]!["resourceVersion"] = $"{++version}";
        pod["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject { ["kind"] = "Job", ["name"] = stored["metadata"]!["name"]!.DeepClone(), ["uid"] = stored["metadata"]!["uid"]!.DeepClone(), ["controller"] = true });
        pod["status"] = new JsonObject
        {
            ["phase"] = "Succeeded",
            ["containerStatuses"] = new JsonArray(new JsonObject
            {
                ["name"] = main,
                ["restartCount"] = 0,
                ["state"] = new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = 0, ["reason"] = "Completed", ["message"] = main == "inspector" ? """{"weights":"Absent","data":"Absent","findings":[]}""" : """{"code":"Converted","message":"done"}""" } },
            }),
        };
        caches.BatchJobs.Apply(ViewDecoders.BatchJob(Encoding.UTF8.GetBytes(stored.ToJsonString()))!);
        caches.Pods.Apply(ViewDecoders.Pod(Encoding.UTF8.GetBytes(pod.ToJsonString()))!);
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
                target.Remove(name);
            else if (value is JsonObject inner && target[name] is JsonObject existing)
                Merge(existing, inner);
            else
                target[name] = value.DeepClone();
        }
    }
}
