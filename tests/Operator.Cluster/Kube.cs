using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.Operator.Cluster;

/// <summary>Objects of the cluster as JSON, with an administrator's rights.</summary>
internal static class Kube
{
    public static async Task<JsonObject?> GetAsync(ApiResource resource, string @namespace, string name)
    {
        try
        {
            return Parse((await TestCluster.Api.GetAsync(resource, new NamespacedName(@namespace, name), TestContext.Current.CancellationToken)).Body);
        }
        catch (KubeApiException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }

    public static async Task<IReadOnlyList<JsonObject>> ListAsync(ApiResource resource, string @namespace, string? labels = null, string? fields = null)
    {
        var found = new List<JsonObject>();
        string? more = null;
        do
        {
            var page = await TestCluster.Api.ListPageAsync(resource, new Scope(@namespace, labels, fields), 500, more, TestContext.Current.CancellationToken);
            found.AddRange(page.Items.Select(Parse));
            more = page.Continue;
        }
        while (!string.IsNullOrEmpty(more));
        return found;
    }

    /// <summary>Whether the API server serves a path; what is defined a moment ago it doesn't yet.</summary>
    public static async Task<bool> IsServedAsync(string path)
    {
        try
        {
            await TestCluster.Api.GetPathAsync(path, TestContext.Current.CancellationToken);
            return true;
        }
        catch (KubeApiException exception) when (exception.IsNotFound)
        {
            return false;
        }
    }

    public static async Task<JsonObject> CreateAsync(ApiResource resource, string? @namespace, JsonNode body) =>
        Parse((await TestCluster.Api.CreateAsync(resource, @namespace, body, TestContext.Current.CancellationToken)).Body);

    public static async Task<JsonObject> PatchAsync(ApiResource resource, string @namespace, string name, JsonNode patch, string? subresource = null) =>
        Parse((await TestCluster.Api.MergePatchAsync(resource, new NamespacedName(@namespace, name), subresource, patch, TestContext.Current.CancellationToken)).Body);

    /// <summary>Deletes an object, whatever its uid; gone already is fine.</summary>
    public static async Task DeleteAsync(ApiResource resource, string @namespace, string name, int? graceSeconds = null)
    {
        if (await GetAsync(resource, @namespace, name) is not { } found) return;
        try
        {
            var uid = Text(found, "metadata", "uid")!;
            await TestCluster.Api.DeleteAsync(resource, new NamespacedName(@namespace, name), new DeleteOptions(uid, GracePeriodSeconds: graceSeconds), TestContext.Current.CancellationToken);
        }
        catch (KubeApiException exception) when (exception.IsNotFound || exception.IsConflict)
        {
            // Gone meanwhile.
        }
    }

    /// <summary>Whether a pod or node says that it is ready.</summary>
    public static bool IsReady(JsonObject found) =>
        found["status"]?["conditions"]?.AsArray().Any(condition => Text(condition, "type") == "Ready" && Text(condition, "status") == "True") == true;

    /// <summary>The text at a path of member names, or null.</summary>
    public static string? Text(JsonNode? node, params string[] path) => At(node, path) is JsonValue value ? value.ToString() : null;

    /// <summary>The node at a path of member names, or null.</summary>
    public static JsonNode? At(JsonNode? node, params string[] path) => path.Aggregate(node, (at, name) => (at as JsonObject)?[name]);

    public static JsonObject Parse(ReadOnlyMemory<byte> json) => JsonNode.Parse(json.Span)!.AsObject();
}
