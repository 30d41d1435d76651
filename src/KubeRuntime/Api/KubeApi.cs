using System.Net.Http.Headers;
using k8s.Authentication;

namespace GrpoOperator.KubeRuntime.Api;

/// <summary>The API server over one HTTP client.</summary>
/// <remarks>Nothing is retried here: a write without an answer may have been carried out, and whoever asked knows better when to come back.
/// What a server asks for by <c>Retry-After</c> is kept for all callers at once (<see cref="Respite"/>).</remarks>
public sealed class KubeApi : IKubeApi
{
    /// <summary>Time allowed for a request but a LIST's page, a log or the life of a WATCH.</summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Time allowed for a page of a LIST, a log, or for a WATCH to open.</summary>
    public static readonly TimeSpan BulkTimeout = TimeSpan.FromSeconds(40);

    private readonly HttpClient _http;
    private readonly Uri _server;
    private readonly ServiceClientCredentials? _credentials;
    private readonly Respite _respite;
    private readonly TimeProvider _time;
    private readonly IRuntimeMetrics _metrics;

    /// <summary>Speaks to a server.</summary>
    /// <param name="http">Client without a timeout of its own.</param>
    /// <param name="server">Base address.</param>
    /// <param name="credentials">Put onto every request; null: none.</param>
    /// <param name="respite">Shared by all that go through the same queue of the server.</param>
    /// <param name="time">Timeouts.</param>
    /// <param name="metrics">Told of every request.</param>
    public KubeApi(HttpClient http, Uri server, ServiceClientCredentials? credentials, Respite respite, TimeProvider time, IRuntimeMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(server);
        _http = http;
        _server = server.AbsoluteUri.EndsWith('/') ? server : new Uri(server.AbsoluteUri + "/");
        _credentials = credentials;
        _respite = respite;
        _time = time;
        _metrics = metrics;
    }

    /// <inheritdoc/>
    public async Task<ListPage> ListPageAsync(
        ApiResource resource, Scope scope, int limit, string? continueToken, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        using var request = Request(HttpMethod.Get, RequestPaths.List(resource, scope, limit, continueToken), Accept(scope, "PartialObjectMetadataList"));
        return ListPageReading.Read(await CallAsync(request, BulkTimeout, cancellationToken));
    }

    /// <inheritdoc/>
    public async Task<IWatchStream> WatchAsync(
        ApiResource resource, Scope scope, string resourceVersion, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        using var request = Request(HttpMethod.Get, RequestPaths.Watch(resource, scope, resourceVersion, lifetime), Accept(scope, "PartialObjectMetadata"));
        using var deadline = new Deadline(BulkTimeout, _time, cancellationToken);
        var response = await SendAsync(request, deadline);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        return new WatchStream(response, body, lifetime, _time);
    }

    /// <inheritdoc/>
    public Task<ApiAnswer> GetAsync(ApiResource resource, NamespacedName name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return GetPathAsync(resource.ObjectPath(name), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ApiAnswer> GetPathAsync(string path, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Get, path);
        return await CallAsync(request, CallTimeout, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ApiAnswer> ReadPodLogAsync(NamespacedName pod, PodLogRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var message = Request(HttpMethod.Get, RequestPaths.Log(pod, request), "*/*");
        return await CallAsync(message, BulkTimeout, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ApiAnswer> CreateAsync(
        ApiResource resource, string? @namespace, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        using var request = Request(HttpMethod.Post, resource.CollectionPath(@namespace), body: body);
        return await CallAsync(request, CallTimeout, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ApiAnswer> PatchAsync(
        ApiResource resource, NamespacedName name, PatchType type, ReadOnlyMemory<byte> body, string? subresource, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var contentType = type == PatchType.Merge ? "application/merge-patch+json" : "application/json-patch+json";
        using var request = Request(HttpMethod.Patch, resource.ObjectPath(name, subresource), body: body, contentType: contentType);
        return await CallAsync(request, CallTimeout, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ApiAnswer> DeleteAsync(ApiResource resource, NamespacedName name, DeleteOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        using var request = Request(HttpMethod.Delete, resource.ObjectPath(name), body: RequestPaths.Body(options));
        return await CallAsync(request, CallTimeout, cancellationToken);
    }

    private HttpRequestMessage Request(
        HttpMethod method, string path, string accept = "application/json", ReadOnlyMemory<byte>? body = null, string contentType = "application/json")
    {
        var request = new HttpRequestMessage(method, new Uri(_server, path))
        {
            Version = _http.DefaultRequestVersion,
            VersionPolicy = _http.DefaultVersionPolicy,
        };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (body is { } bytes)
            request.Content = new ReadOnlyMemoryContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } };
        return request;
    }

    private static string Accept(Scope scope, string kind) =>
        scope.MetadataOnly ? $"application/json;as={kind};g=meta.k8s.io;v=v1" : "application/json";

    private async Task<ApiAnswer> CallAsync(HttpRequestMessage request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(timeout, _time, cancellationToken);
        using var response = await SendAsync(request, deadline);
        var body = await deadline.GuardAsync(token => response.Content.ReadAsByteArrayAsync(token));
        return new ApiAnswer(body, response.Headers.Date);
    }

    /// <summary>Sends, and answers the response once its headers are there and say that all is well.</summary>
    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Deadline deadline)
    {
        _respite.ThrowIfAsked();
        var start = _time.GetTimestamp();
        var code = 0;
        try
        {
            var response = await deadline.GuardAsync(async token =>
            {
                if (_credentials is not null)
                    await _credentials.ProcessHttpRequestAsync(request, token);
                return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
            });
            code = (int)response.StatusCode;
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
                throw await RefusalAsync(response, deadline);
        }
        finally
        {
            _metrics.RequestFinished(request.Method.Method, code, _time.GetElapsedTime(start));
        }
    }

    private async Task<KubeApiException> RefusalAsync(HttpResponseMessage response, Deadline deadline)
    {
        var body = await deadline.GuardAsync(token => response.Content.ReadAsByteArrayAsync(token));
        var asked = response.Headers.RetryAfter;
        var retryAfter = asked?.Delta ?? (asked?.Date - (response.Headers.Date ?? asked?.Date));
        var error = StatusReading.ToException(body, (int)response.StatusCode, retryAfter);
        if (error is { StatusCode: 429 or 503, RetryAfter: { } respite })
            _respite.Asked(respite);
        return error;
    }
}
