using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace GrpoOperator.KubeRuntime.Api;

/// <summary>Query strings and bodies of requests.</summary>
internal static class RequestPaths
{
    public static string Query(params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var query = new StringBuilder();
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
                query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        return query.ToString();
    }

    public static string List(ApiResource resource, Scope scope, int limit, string? continueToken) =>
        resource.CollectionPath(scope.Namespace) + Query(
            ("labelSelector", scope.LabelSelector), ("fieldSelector", scope.FieldSelector), ("limit", Text(limit)), ("continue", continueToken));

    public static string Watch(ApiResource resource, Scope scope, string resourceVersion, TimeSpan lifetime) =>
        resource.CollectionPath(scope.Namespace) + Query(
            ("watch", "true"), ("allowWatchBookmarks", "true"), ("resourceVersion", resourceVersion), ("timeoutSeconds", Text((long)lifetime.TotalSeconds)),
            ("labelSelector", scope.LabelSelector), ("fieldSelector", scope.FieldSelector));

    public static string Log(NamespacedName pod, PodLogRequest request) =>
        ApiResources.Pods.ObjectPath(pod, "log") + Query(
            ("container", request.Container), ("sinceTime", request.SinceTime?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)),
            ("limitBytes", Text(request.LimitBytes)), ("tailLines", Text(request.TailLines)),
            ("previous", request.Previous ? "true" : null), ("timestamps", request.Timestamps ? "true" : null));

    public static ReadOnlyMemory<byte> Body(DeleteOptions options)
    {
        var preconditions = new JsonObject { ["uid"] = options.Uid };
        if (options.ResourceVersion is not null)
            preconditions["resourceVersion"] = options.ResourceVersion;
        var body = new JsonObject
        {
            ["kind"] = "DeleteOptions",
            ["apiVersion"] = "v1",
            ["preconditions"] = preconditions,
            ["propagationPolicy"] = options.Propagation.ToString(),
        };
        if (options.GracePeriodSeconds is { } seconds)
            body["gracePeriodSeconds"] = seconds;
        return body.Utf8();
    }

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}
