using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GrpoOperator.KubeRuntime.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace GrpoOperator.KubeRuntime.Tests.Fake;

/// <summary>A FAKE of the Kubernetes API server, in this process, for faults that a real one can't be made to show on command.</summary>
/// <remarks>It speaks the real wire format (chunked watch streams, Status objects, pages, preconditions) but knows nothing of schemas, admission,
/// garbage collection or controllers. What it claims is checked against a real server by the tests under <c>Real/</c>.</remarks>
public sealed partial class FakeKube : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly List<FakeEvent> _history = [];
    private readonly Dictionary<string, (string Version, List<JsonObject> Items)> _pages = [];
    private readonly List<FakeWatch> _watches = [];
    private readonly List<FakeWatch> _all = [];
    private readonly List<Fault> _faults = [];
    private readonly WebApplication _app;
    private long _version = 1000;
    private long _compacted;
    private int _serial;

    private FakeKube(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>Every request, in the order of arrival.</summary>
    public ConcurrentQueue<FakeRequest> Requests { get; } = new();

    /// <summary>Open watches that the server knows of.</summary>
    public int Watching
    {
        get
        {
            lock (_lock)
                return _watches.Count;
        }
    }

    public static async Task<FakeKube> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").UseKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1));
        var app = builder.Build();
        var fake = new FakeKube(app);
        app.Run(fake.HandleAsync);
        await app.StartAsync();
        fake.Address = new Uri(app.Urls.First());
        return fake;
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    public int Count(string method, string part) => Requests.Count(request => request.Method == method && request.Target.Contains(part, StringComparison.Ordinal));

    /// <summary>Makes or changes an object, as some other client would.</summary>
    public JsonObject Put(ApiResource resource, JsonObject body)
    {
        lock (_lock)
        {
            var stored = (JsonObject)body.DeepClone();
            var meta = (JsonObject)(stored["metadata"] ??= new JsonObject());
            var key = Key(resource.ToString(), (string?)meta["namespace"] ?? "", (string)meta["name"]!);
            var old = _objects.GetValueOrDefault(key);
            meta["uid"] ??= (string?)old?["metadata"]!["uid"] ?? $"uid-{++_serial}";
            return Store(key, resource.ToString(), stored, old is null ? "ADDED" : "MODIFIED");
        }
    }

    /// <summary>Changes an object.</summary>
    public JsonObject Change(ApiResource resource, NamespacedName name, Action<JsonObject> change)
    {
        lock (_lock)
        {
            var stored = (JsonObject)_objects[Key(resource.ToString(), name.Namespace, name.Name)].DeepClone();
            change(stored);
            return Put(resource, stored);
        }
    }

    public void Delete(ApiResource resource, NamespacedName name)
    {
        lock (_lock)
            TakeOut(Key(resource.ToString(), name.Namespace, name.Name), resource.ToString());
    }

    public JsonObject? Get(ApiResource resource, NamespacedName name)
    {
        lock (_lock)
            return (JsonObject?)_objects.GetValueOrDefault(Key(resource.ToString(), name.Namespace, name.Name))?.DeepClone();
    }

    public IReadOnlyList<JsonObject> All(ApiResource resource)
    {
        lock (_lock)
            return [.. _objects.Where(entry => entry.Key.StartsWith(resource + "/", StringComparison.Ordinal)).Select(entry => (JsonObject)entry.Value.DeepClone())];
    }

    /// <summary>Forgets all history up to now: versions before are 410.</summary>
    public void Compact()
    {
        lock (_lock)
            _compacted = ++_version;
    }

    /// <summary>Sends a line to every watch.</summary>
    public void Send(string line)
    {
        lock (_lock)
        {
            foreach (var watch in _watches)
                watch.Send(line);
        }
    }

    public void Bookmark(string kind = "Pod")
    {
        lock (_lock)
            Send("{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"" + kind + "\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\""
                + (++_version).ToString(CultureInfo.InvariantCulture) + "\",\"creationTimestamp\":null},\"spec\":{\"containers\":null},\"status\":{}}}");
    }

    /// <summary>Ends every watch as a server does.</summary>
    public void EndWatches()
    {
        lock (_lock)
        {
            foreach (var watch in _watches.ToList())
                watch.End();
        }
    }

    /// <summary>Cuts the connection of every watch.</summary>
    public void CutWatches()
    {
        lock (_lock)
        {
            foreach (var watch in _watches.ToList())
                watch.Cut();
        }
    }

    /// <summary>Cuts the connections of all watches, also of those that were forgotten.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            foreach (var watch in _all.ToList())
                watch.Cut();
        }
    }

    /// <summary>Every watch stays open, and is never told anything again.</summary>
    public void ForgetWatches()
    {
        lock (_lock)
            _watches.Clear();
    }

    /// <summary>The next requests that match meet this fault instead.</summary>
    public void Inject(string method, string part, Fault.Kind kind, int times = 1, int code = 500, string reason = "InternalError", string? retryAfter = null)
    {
        lock (_lock)
            _faults.Add(new Fault(method, part, kind, code, reason, retryAfter) { Left = times });
    }

    internal void Leave(FakeWatch watch)
    {
        lock (_lock)
        {
            _watches.Remove(watch);
            _all.Remove(watch);
        }
    }

    private JsonObject Store(string key, string resource, JsonObject stored, string type)
    {
        stored["metadata"]!["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
        _objects[key] = stored;
        Tell(resource, type, stored);
        return (JsonObject)stored.DeepClone();
    }

    private void TakeOut(string key, string resource)
    {
        if (!_objects.Remove(key, out var stored))
            return;
        stored["metadata"]!["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
        Tell(resource, "DELETED", stored);
    }

    private void Tell(string resource, string type, JsonObject stored)
    {
        var happened = new FakeEvent(_version, resource, type, (JsonObject)stored.DeepClone());
        _history.Add(happened);
        foreach (var watch in _watches)
            watch.Offer(happened);
    }

    private static string Key(string resource, string @namespace, string name) => $"{resource}/{@namespace}/{name}";

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}Z$")]
    private static partial Regex MicroTime();
}

public sealed record FakeRequest(string Method, string Target, string Body, string Accept, string ContentType, string UserAgent)
{
    public JsonObject Json => (JsonObject)JsonNode.Parse(Body)!;
}

internal sealed record FakeEvent(long Version, string Resource, string Type, JsonObject Object);

/// <summary>What goes wrong with a request.</summary>
public sealed record Fault(string Method, string Part, Fault.Kind What, int Code, string Reason, string? RetryAfter)
{
    public enum Kind
    {
        /// <summary>A Status with the code.</summary>
        Refuse,

        /// <summary>The connection is cut before anything is done.</summary>
        Cut,

        /// <summary>It is carried out, then the connection is cut.</summary>
        CutAfterwards,

        /// <summary>No answer, ever.</summary>
        Hang,
    }

    public int Left { get; set; }

    public bool Matches(HttpRequest request) =>
        Left > 0 && request.Method == Method && (request.Path + request.QueryString.ToString()).Contains(Part, StringComparison.Ordinal);
}
