using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.KubeRuntime.Tests.Leadership;

/// <summary>One lease in memory, answering at once: so that fake time decides everything. Each candidate gets a door of its own that can be shut.</summary>
internal sealed partial class LeaseApi
{
    private JsonObject? _lease;
    private int _version;

    public JsonObject? Lease => _lease;

    public int Writes => _version;

    /// <summary>Somebody else's hand on the lease.</summary>
    public void Write(Action<JsonObject> change)
    {
        _lease ??= new JsonObject { ["metadata"] = new JsonObject(), ["spec"] = new JsonObject() };
        change((JsonObject)_lease["spec"]!);
        _lease["metadata"]!["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
    }

    public void Remove() => _lease = null;

    public Door Open() => new(this);

    internal sealed class Door(LeaseApi server) : IKubeApi
    {
        /// <summary>The next calls fail so.</summary>
        public Queue<Exception> Failures { get; } = new();

        /// <summary>Calls don't come back until cancelled.</summary>
        public bool Hangs { get; set; }

        /// <summary>Writes are carried out, and the answer is lost.</summary>
        public bool LosesAnswers { get; set; }

        /// <summary>What a call takes before it is carried out.</summary>
        public Func<CancellationToken, Task> Latency { get; set; } = _ => Task.CompletedTask;

        public int Calls { get; private set; }

        public Task<ApiAnswer> GetAsync(ApiResource resource, NamespacedName name, CancellationToken cancellationToken) =>
            CallAsync(() => server._lease ?? throw new KubeApiException(404, "NotFound", "no lease"), cancellationToken);

        public Task<ApiAnswer> CreateAsync(ApiResource resource, string? @namespace, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) => CallAsync(
            () =>
            {
                if (server._lease is not null)
                    throw new KubeApiException(409, "AlreadyExists", "there is one");
                var lease = (JsonObject)JsonNode.Parse(body.Span)!;
                CheckTimes(lease);
                lease["metadata"]!["resourceVersion"] = (++server._version).ToString(CultureInfo.InvariantCulture);
                return server._lease = lease;
            },
            cancellationToken);

        public Task<ApiAnswer> PatchAsync(
            ApiResource resource, NamespacedName name, PatchType type, ReadOnlyMemory<byte> body, string? subresource, CancellationToken cancellationToken) => CallAsync(
            () =>
            {
                var patch = (JsonObject)JsonNode.Parse(body.Span)!;
                CheckTimes(patch);
                if (server._lease is null)
                    throw new KubeApiException(404, "NotFound", "no lease");
                if ((string?)patch["metadata"]!["resourceVersion"] != (string?)server._lease["metadata"]!["resourceVersion"])
                    throw new KubeApiException(409, "Conflict", "modified");
                server.Write(spec =>
                {
                    foreach (var (key, value) in (JsonObject)patch["spec"]!)
                        spec[key] = value!.DeepClone();
                });
                return server._lease!;
            },
            cancellationToken);

        public Task<ApiAnswer> DeleteAsync(ApiResource resource, NamespacedName name, DeleteOptions options, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ListPage> ListPageAsync(ApiResource resource, Scope scope, int limit, string? continueToken, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IWatchStream> WatchAsync(ApiResource resource, Scope scope, string resourceVersion, TimeSpan lifetime, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ApiAnswer> GetPathAsync(string path, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ApiAnswer> ReadPodLogAsync(NamespacedName pod, PodLogRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        private async Task<ApiAnswer> CallAsync(Func<JsonObject> call, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Calls++;
            if (Hangs)
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            await Latency(cancellationToken);
            if (Failures.TryDequeue(out var failure))
                throw failure;
            var answer = new ApiAnswer(call().Utf8());
            return LosesAnswers ? throw new KubeApiException(0, KubeApiException.TimedOut, "lost") : answer;
        }

        private static void CheckTimes(JsonObject lease)
        {
            foreach (var field in (string[])["acquireTime", "renewTime"])
            {
                if ((string?)lease["spec"]?[field] is { } time && !MicroTime().IsMatch(time))
                    throw new KubeApiException(400, "BadRequest", $"parsing time \"{time}\" as \".000000\"");
            }
        }
    }

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}Z$")]
    private static partial Regex MicroTime();
}
