using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace GrpoOperator.KubeRuntime.Tests.Fake;

public sealed partial class FakeKube
{
    private async Task HandleAsync(HttpContext http)
    {
        var request = http.Request;
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        Requests.Enqueue(new FakeRequest(request.Method, request.Path + request.QueryString, body, request.Headers.Accept.ToString(), request.ContentType ?? "", request.Headers.UserAgent.ToString()));
        var fault = TakeFault(request);
        switch (fault?.What)
        {
            case Fault.Kind.Refuse:
                if (fault.RetryAfter is not null)
                    http.Response.Headers.RetryAfter = fault.RetryAfter;
                await AnswerAsync(http, fault.Code, Status(fault.Code, fault.Reason, "injected"));
                return;
            case Fault.Kind.Cut:
                http.Abort();
                return;
            case Fault.Kind.Hang:
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return;
        }

        if (request.Query["watch"] == "true")
        {
            await WatchAsync(http, Target.Of(request.Path));
            return;
        }

        var (code, answer) = Carry(request, Target.Of(request.Path), body);
        if (fault?.What == Fault.Kind.CutAfterwards)
            http.Abort();
        else
            await AnswerAsync(http, code, answer);
    }

    private Fault? TakeFault(HttpRequest request)
    {
        lock (_lock)
        {
            var fault = _faults.Find(fault => fault.Matches(request));
            if (fault is not null)
                fault.Left--;
            return fault;
        }
    }

    private (int Code, JsonNode Answer) Carry(HttpRequest request, Target target, string body)
    {
        lock (_lock)
        {
            var key = Key(target.Resource, target.Namespace, target.Name);
            if (request.Method == "GET" && target.Subresource == "log")
                return (200, JsonValue.Create("log of " + target.Name + request.QueryString));
            if (request.Method == "GET" && target.Name.Length == 0)
                return List(request, target);
            if (request.Method == "POST")
                return Create(target, (JsonObject)JsonNode.Parse(body)!);
            if (!_objects.TryGetValue(key, out var stored))
                return Refusal(404, "NotFound", $"{target.Resource} \"{target.Name}\" not found");
            return request.Method switch
            {
                "GET" => (200, stored.DeepClone()),
                "PATCH" => Patch(target, key, stored, (JsonObject)JsonNode.Parse(body)!),
                "DELETE" => Delete(target, key, stored, (JsonObject)JsonNode.Parse(body)!),
                _ => Refusal(405, "MethodNotAllowed", request.Method),
            };
        }
    }

    private (int Code, JsonNode Answer) List(HttpRequest request, Target target)
    {
        var token = request.Query["continue"].ToString();
        (string Version, List<JsonObject> Items) page;
        if (token.Length == 0)
        {
            var rest = _objects
                .Where(entry => entry.Key.StartsWith(target.Resource + "/", StringComparison.Ordinal) && Match(request, target, entry.Value))
                .Select(entry => Trim(request, entry.Value)).ToList();
            page = (_version.ToString(CultureInfo.InvariantCulture), rest);
        }
        else if (!_pages.Remove(token, out page) || long.Parse(page.Version, CultureInfo.InvariantCulture) < _compacted)
        {
            return Refusal(410, "Expired", "The provided continue parameter is too old");
        }

        var limit = int.TryParse(request.Query["limit"], CultureInfo.InvariantCulture, out var most) ? most : int.MaxValue;
        var meta = new JsonObject { ["resourceVersion"] = page.Version };
        if (page.Items.Count > limit)
        {
            meta["continue"] = $"page{++_serial}";
            _pages[(string)meta["continue"]!] = (page.Version, page.Items[limit..]);
        }

        return (200, new JsonObject { ["kind"] = "List", ["apiVersion"] = "v1", ["metadata"] = meta, ["items"] = new JsonArray([.. page.Items.Take(limit)]) });
    }

    private (int Code, JsonNode Answer) Create(Target target, JsonObject stored)
    {
        var meta = (JsonObject)stored["metadata"]!;
        if (target.Namespace.Length > 0)
            meta["namespace"] = target.Namespace;
        var key = Key(target.Resource, target.Namespace, (string)meta["name"]!);
        if (_objects.ContainsKey(key))
            return Refusal(409, "AlreadyExists", $"{target.Resource} \"{(string)meta["name"]!}\" already exists");
        if (HasBadTime(target, stored))
            return Refusal(400, "BadRequest", "parsing time: cannot parse as \".000000\"");
        meta["uid"] = $"uid-{++_serial}";
        meta["creationTimestamp"] = "2026-01-02T03:04:05Z";
        return (201, Store(key, target.Resource, stored, "ADDED"));
    }

    private (int Code, JsonNode Answer) Patch(Target target, string key, JsonObject stored, JsonObject patch)
    {
        if (HasBadTime(target, patch))
            return Refusal(400, "BadRequest", "parsing time: cannot parse as \".000000\"");
        if ((string?)patch["metadata"]?["resourceVersion"] is { } version && version != (string?)stored["metadata"]!["resourceVersion"])
            return Refusal(409, "Conflict", "the object has been modified");
        if ((string?)patch["metadata"]?["uid"] is { } uid && uid != (string?)stored["metadata"]!["uid"])
        {
            var refusal = Status(422, "Invalid", $"metadata.uid: Invalid value: \"{uid}\": field is immutable");
            refusal["details"] = new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["reason"] = "FieldValueInvalid", ["field"] = "metadata.uid" }) };
            return (422, refusal);
        }

        var changed = (JsonObject)stored.DeepClone();
        Merge(changed, target.Subresource == "status" ? new JsonObject { ["status"] = patch["status"]?.DeepClone() } : patch);
        if (JsonNode.DeepEquals(changed, stored))
            return (200, stored.DeepClone());
        if (changed["metadata"]!["deletionTimestamp"] is not null && changed["metadata"]!["finalizers"] is null or JsonArray { Count: 0 })
        {
            TakeOut(key, target.Resource);
            return (200, changed);
        }

        return (200, Store(key, target.Resource, changed, "MODIFIED"));
    }

    private (int Code, JsonNode Answer) Delete(Target target, string key, JsonObject stored, JsonObject options)
    {
        var meta = (JsonObject)stored["metadata"]!;
        if ((string?)options["preconditions"]?["uid"] is { } uid && uid != (string?)meta["uid"])
            return Refusal(409, "Conflict", "Precondition failed: UID in precondition");
        if (meta["finalizers"] is JsonArray { Count: > 0 })
        {
            var dying = (JsonObject)stored.DeepClone();
            dying["metadata"]!["deletionTimestamp"] ??= "2026-01-02T03:04:05Z";
            return (200, Store(key, target.Resource, dying, "MODIFIED"));
        }

        TakeOut(key, target.Resource);
        return (200, new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = "Success" });
    }

    private async Task WatchAsync(HttpContext http, Target target)
    {
        var from = long.Parse(http.Request.Query["resourceVersion"].ToString(), CultureInfo.InvariantCulture);
        using var watch = new FakeWatch(http, happened => happened.Resource == target.Resource && Match(http.Request, target, happened.Object), @object => Trim(http.Request, @object));
        lock (_lock)
        {
            if (from < _compacted)
            {
                watch.Send(new JsonObject { ["type"] = "ERROR", ["object"] = Status(410, "Expired", $"too old resource version: {from}") }.ToJsonString());
                watch.End();
            }
            else
            {
                foreach (var happened in _history.Where(happened => happened.Version > from))
                    watch.Offer(happened);
                _watches.Add(watch);
                _all.Add(watch);
            }
        }

        try
        {
            await watch.RunAsync();
        }
        finally
        {
            Leave(watch);
        }
    }

    private static bool Match(HttpRequest request, Target target, JsonObject stored) =>
        (target.Namespace.Length == 0 || NamespaceOf(stored) == target.Namespace)
        && request.Query["labelSelector"].ToString() is var selector
        && (selector.Length == 0 || (selector.Split('=') is [var key, .. var value] && (string?)stored["metadata"]!["labels"]?[key] is { } label && (value.Length == 0 || label == value[0])));

    private static JsonObject Trim(HttpRequest request, JsonObject stored) =>
        request.Headers.Accept.ToString().Contains("PartialObjectMetadata", StringComparison.Ordinal)
            ? new JsonObject { ["kind"] = "PartialObjectMetadata", ["apiVersion"] = "meta.k8s.io/v1", ["metadata"] = stored["metadata"]!.DeepClone() }
            : (JsonObject)stored.DeepClone();

    private static bool HasBadTime(Target target, JsonObject body) =>
        target.Resource.StartsWith("leases.", StringComparison.Ordinal)
        && ((string[])["acquireTime", "renewTime"]).Any(name => (string?)body["spec"]?[name] is { } time && !MicroTime().IsMatch(time));

    private static void Merge(JsonObject into, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
                into.Remove(name);
            else if (value is JsonObject inner)
                Merge((JsonObject)(into[name] is JsonObject there ? there : into[name] = new JsonObject()), inner);
            else
                into[name] = value.DeepClone();
        }
    }

    private static string NamespaceOf(JsonObject stored) => (string?)stored["metadata"]!["namespace"] ?? "";

    private static (int Code, JsonNode Answer) Refusal(int code, string reason, string message) => (code, Status(code, reason, message));

    private static JsonObject Status(int code, string reason, string message) => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Failure",
        ["message"] = message,
        ["reason"] = reason,
        ["code"] = code,
    };

    private static async Task AnswerAsync(HttpContext http, int code, JsonNode answer)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(answer.ToJsonString(), Encoding.UTF8);
    }

    /// <summary>What a path is about.</summary>
    private sealed record Target(string Resource, string Namespace, string Name, string Subresource)
    {
        public static Target Of(string path)
        {
            var parts = path.Trim('/').Split('/').Select(Uri.UnescapeDataString).ToList();
            var group = parts[0] == "api" ? "" : parts[1];
            parts.RemoveRange(0, group.Length == 0 ? 2 : 3);
            var @namespace = "";
            if (parts is ["namespaces", var given, _, ..])
            {
                @namespace = given;
                parts.RemoveRange(0, 2);
            }

            return new Target(group.Length == 0 ? parts[0] : $"{parts[0]}.{group}", @namespace, parts.ElementAtOrDefault(1) ?? "", parts.ElementAtOrDefault(2) ?? "");
        }
    }
}
