using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.Simulation.Server;

/// <summary>One change that a watch would tell; without a snapshot the object is gone.</summary>
internal sealed record Change(NamespacedName Key, string Uid, Snapshot? Snapshot);

/// <summary>
/// The API server and its store: uids, resource versions, preconditions, graceful deletion of pods. Every change goes into
/// its resource's log, from which caches read at their own pace.
/// </summary>
internal sealed class ApiServer(SimulatedTime time)
{
    private readonly Dictionary<(ApiResource Resource, NamespacedName Key), ApiObject> objects = [];
    private readonly Dictionary<ApiResource, List<Change>> logs = [];
    private readonly List<Action<ApiObject, bool>> subscribers = [];
    private long version;
    private int uids;

    /// <summary>Tells of every change, with whether the object is gone.</summary>
    public void Subscribe(Action<ApiObject, bool> told) => subscribers.Add(told);

    public SimulatedTime Clock => time;

    /// <summary>All that was ever told of a resource.</summary>
    public List<Change> Log(ApiResource resource)
    {
        if (!logs.TryGetValue(resource, out var log)) logs[resource] = log = [];
        return log;
    }

    public ApiObject? Find(ApiResource resource, NamespacedName key) => objects.GetValueOrDefault((resource, key));

    /// <summary>The objects of a resource, in an order that doesn't depend on hashes.</summary>
    public IEnumerable<ApiObject> All(ApiResource resource) =>
        objects.Values.Where(found => found.Resource == resource).OrderBy(found => found.Key.Name, StringComparer.Ordinal);

    public IEnumerable<PodObject> Pods => All(ApiResources.Pods).Cast<PodObject>();

    public PodObject? Pod(string uid) => Pods.FirstOrDefault(pod => pod.Uid == uid);

    public string NextUid() => $"u{++uids}";

    /// <summary>Puts in a new object.</summary>
    /// <exception cref="KubeApiException">409: the name is taken.</exception>
    public T Add<T>(T added)
        where T : ApiObject
    {
        if (!objects.TryAdd((added.Resource, added.Key), added))
            throw new KubeApiException(409, "AlreadyExists", $"{added.Resource.Plural} \"{added.Key.Name}\" already exists");
        Touch(added);
        return added;
    }

    /// <summary>An object is another now.</summary>
    public void Touch(ApiObject changed)
    {
        changed.Renew(++version);
        Log(changed.Resource).Add(new Change(changed.Key, changed.Uid, changed.Snapshot));
        Tell(changed, isGone: false);
    }

    /// <summary>Changes a pod, unless it is gone.</summary>
    public void Change(PodObject pod, Func<PodState, PodState> change)
    {
        if (!ReferenceEquals(Find(pod.Resource, pod.Key), pod)) return;
        var next = change(pod.State);
        if (next == pod.State) return;
        pod.State = next;
        Touch(pod);
    }

    /// <summary>DELETE with an optional precondition. A pod that runs goes when its kubelet says so.</summary>
    /// <exception cref="KubeApiException">404, or 409 when the name bears another uid.</exception>
    public ApiObject Delete(ApiResource resource, NamespacedName key, string? uid, bool force = false)
    {
        var found = Find(resource, key) ?? throw NotFound(resource, key);
        if (uid is not null && found.Uid != uid) throw new KubeApiException(409, "Conflict", "the uid in the precondition does not match");
        if (found is PodObject { State: { Node: not null, IsOver: false } } pod && !force)
            Change(pod, state => state with { DeletedAt = state.DeletedAt ?? time.Now });
        else
            Remove(found);
        return found;
    }

    /// <summary>Takes an object out.</summary>
    public void Remove(ApiObject gone)
    {
        if (!objects.TryGetValue((gone.Resource, gone.Key), out var found) || !ReferenceEquals(found, gone)) return;
        objects.Remove((gone.Resource, gone.Key));
        version++;
        Log(gone.Resource).Add(new Change(gone.Key, gone.Uid, Snapshot: null));
        Tell(gone, isGone: true);
    }

    /// <summary>Merge patch of a job's status, with uid and resourceVersion as preconditions.</summary>
    public JobObject MergeStatus(ApiResource resource, NamespacedName key, JsonObject patch)
    {
        var job = Find(resource, key) as JobObject ?? throw NotFound(resource, key);
        var given = patch["metadata"]!;
        if ((string?)given["uid"] != job.Uid || (string?)given["resourceVersion"] != job.Version.ToString())
            throw new KubeApiException(409, "Conflict", "the object has been modified");
        JsonPatches.Merge(job.Status, patch["status"]!.AsObject());
        Touch(job);
        return job;
    }

    /// <summary>JSON patch of a child.</summary>
    public JsonObjectEntry Patch(ApiResource resource, NamespacedName key, JsonArray operations)
    {
        var found = Find(resource, key) as JsonObjectEntry ?? throw NotFound(resource, key);
        var body = (JsonObject)found.Body.DeepClone();
        foreach (var operation in operations) JsonPatches.Apply(body, operation!.AsObject());
        found.Body = body;
        Touch(found);
        return found;
    }

    /// <summary>A time as Kubernetes writes it.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    private void Tell(ApiObject changed, bool isGone)
    {
        foreach (var subscriber in subscribers) subscriber(changed, isGone);
    }

    private static KubeApiException NotFound(ApiResource resource, NamespacedName key) => new(404, "NotFound", $"{resource.Plural} \"{key.Name}\" not found");
}
