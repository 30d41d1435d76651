using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.Simulation;

/// <summary>One change that a watch would tell.</summary>
internal sealed record Change(long Version, ApiResource Resource, NamespacedName Name, string Uid, JsonObject? Object);

/// <summary>
/// The API server and its store, in memory: uids, resource versions, preconditions, graceful deletion of pods. Every change
/// goes into one log, from which caches read at their own pace.
/// </summary>
internal sealed class World(Func<DateTimeOffset> now)
{
    private readonly Dictionary<(string Resource, NamespacedName Name), JsonObject> objects = [];
    private long version;
    private int uids;

    public List<Change> Log { get; } = [];

    public DateTimeOffset Now => now();

    public IEnumerable<JsonObject> All(ApiResource resource) =>
        objects.Where(pair => pair.Key.Resource == resource.Plural).OrderBy(pair => pair.Key.Name.Name, StringComparer.Ordinal).Select(pair => pair.Value).ToArray();

    public JsonObject? Find(ApiResource resource, NamespacedName name) => objects.GetValueOrDefault((resource.Plural, name));

    public JsonObject Create(ApiResource resource, string @namespace, JsonObject body)
    {
        var stored = (JsonObject)body.DeepClone();
        var meta = stored["metadata"]!.AsObject();
        var name = new NamespacedName(@namespace, (string)meta["name"]!);
        if (objects.ContainsKey((resource.Plural, name))) throw new KubeApiException(409, "AlreadyExists", $"{resource.Plural} \"{name.Name}\" already exists");
        meta["namespace"] = @namespace;
        meta["uid"] = $"u{++uids}";
        meta["generation"] = 1;
        meta["creationTimestamp"] = Time();
        objects[(resource.Plural, name)] = stored;
        Touch(resource, name, stored);
        return stored;
    }

    /// <summary>Changes an object in place, as a controller or a kubelet does.</summary>
    public void Change(ApiResource resource, JsonObject stored, Action<JsonObject> change)
    {
        change(stored);
        Touch(resource, NameOf(stored), stored);
    }

    public JsonObject MergeStatus(ApiResource resource, NamespacedName name, JsonObject patch)
    {
        var stored = Find(resource, name) ?? throw NotFound(resource, name);
        var given = patch["metadata"]!;
        if ((string?)given["uid"] != Uid(stored) || (string?)given["resourceVersion"] != (string?)stored["metadata"]!["resourceVersion"])
            throw new KubeApiException(409, "Conflict", "the object has been modified");
        if (stored["status"] is not JsonObject status) stored["status"] = status = [];
        Merge(status, patch["status"]!.AsObject());
        Touch(resource, name, stored);
        return stored;
    }

    public JsonObject JsonPatch(ApiResource resource, NamespacedName name, JsonArray operations)
    {
        var stored = Find(resource, name) ?? throw NotFound(resource, name);
        var copy = (JsonObject)stored.DeepClone();
        foreach (var operation in operations) Apply(copy, operation!.AsObject());
        objects[(resource.Plural, name)] = copy;
        Touch(resource, name, copy);
        return copy;
    }

    public void Delete(ApiResource resource, NamespacedName name, string? uid, bool force = false)
    {
        var stored = Find(resource, name) ?? throw NotFound(resource, name);
        if (uid is not null && Uid(stored) != uid) throw new KubeApiException(409, "Conflict", "the uid in the precondition does not match");
        var graceful = resource == ApiResources.Pods && !force;
        if (graceful)
        {
            if (stored["metadata"]!["deletionTimestamp"] is null) Change(resource, stored, o => o["metadata"]!["deletionTimestamp"] = Time());
            return;
        }

        objects.Remove((resource.Plural, name));
        Log.Add(new Change(++version, resource, name, Uid(stored), Object: null));
    }

    public static string Uid(JsonObject stored) => (string)stored["metadata"]!["uid"]!;

    public static NamespacedName NameOf(JsonObject stored) => new((string)stored["metadata"]!["namespace"]!, (string)stored["metadata"]!["name"]!);

    public static string? OwnerUid(JsonObject stored) => (string?)stored["metadata"]!["ownerReferences"]?[0]?["uid"];

    public string Time() => Now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    private static KubeApiException NotFound(ApiResource resource, NamespacedName name) => new(404, "NotFound", $"{resource.Plural} \"{name.Name}\" not found");

    private void Touch(ApiResource resource, NamespacedName name, JsonObject stored)
    {
        stored["metadata"]!["resourceVersion"] = (++version).ToString();
        Log.Add(new Change(version, resource, name, Uid(stored), (JsonObject)stored.DeepClone()));
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null) target.Remove(name);
            else if (value is JsonObject inner && target[name] is JsonObject existing) Merge(existing, inner);
            else target[name] = value.DeepClone();
        }
    }

    private static void Apply(JsonObject root, JsonObject operation)
    {
        var segments = ((string)operation["path"]!).Split('/').Skip(1).Select(s => s.Replace("~1", "/", StringComparison.Ordinal)).ToArray();
        JsonNode parent = segments.SkipLast(1).Aggregate((JsonNode)root, (node, segment) => node is JsonArray array ? array[int.Parse(segment)]! : node[segment]!);
        var last = segments[^1];
        switch ((string)operation["op"]!)
        {
            case "test" when !JsonNode.DeepEquals(parent is JsonArray a ? a[int.Parse(last)] : parent[last], operation["value"]):
                throw new KubeApiException(422, "Invalid", "the test operation failed");
            case "add" when parent is JsonArray array:
                array.Add(operation["value"]!.DeepClone());
                break;
            case "add":
                parent[last] = operation["value"]!.DeepClone();
                break;
            default:
                break;
        }
    }
}
