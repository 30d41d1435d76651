using System.Net;
using k8s;

namespace GrpoOperator.KubeRuntime.Api;

/// <summary>The connections of one operator to one API server.</summary>
/// <remarks>Three clients, each with TCP connections of its own: a stuck watch connection delays no write, and neither delays the lease.
/// Authentication, TLS and kubeconfig are KubernetesClient's.</remarks>
public sealed class KubeConnection : IDisposable
{
    private readonly List<Kubernetes> _clients = [];

    /// <summary>Connects as a configuration says; nothing is sent yet.</summary>
    /// <param name="configuration">Server, trust and credentials.</param>
    /// <param name="time">Timeouts.</param>
    /// <param name="metrics">Told of every request.</param>
    /// <param name="userAgent">Who asks, as the server's audit log shows it; null: what the configuration says.</param>
    public KubeConnection(KubernetesClientConfiguration configuration, TimeProvider time, IRuntimeMetrics metrics, string? userAgent = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        configuration.FirstMessageHandlerSetup = Setup;
        Namespace = configuration.Namespace?.Trim() is { Length: > 0 } own ? own : "default";
        var respite = new Respite(time);
        Watches = Client(respite);
        Requests = Client(respite);
        Lease = Client(new Respite(time)); // Losing the lease is worse than one small request too many.

        KubeApi Client(Respite its)
        {
            var client = new Kubernetes(configuration, new TrustHandler(TrustFailures));
            _clients.Add(client);
            client.HttpClient.DefaultRequestVersion = HttpVersion.Version20; // Offered; plain http, and servers without it, speak 1.1.
            client.HttpClient.DefaultRequestHeaders.Host = configuration.TlsServerName;
            // Cleared first: the client library puts its own name there.
            client.HttpClient.DefaultRequestHeaders.UserAgent.Clear();
            client.HttpClient.DefaultRequestHeaders.UserAgent.TryParseAdd(userAgent ?? configuration.UserAgent);
            return new KubeApi(client.HttpClient, client.BaseUri, client.Credentials, its, time, metrics);
        }
    }

    /// <summary>For lists and watches.</summary>
    public IKubeApi Watches { get; }

    /// <summary>For everything else.</summary>
    public IKubeApi Requests { get; }

    /// <summary>For the leader's lease.</summary>
    public IKubeApi Lease { get; }

    /// <summary>Requests in a row, of all clients, that failed for want of trust.</summary>
    public TrustFailures TrustFailures { get; } = new();

    /// <summary>The namespace that this process lives in, or that its kubeconfig names.</summary>
    public string Namespace { get; }

    /// <summary>A kubeconfig's context when a path is given, or by <c>KUBECONFIG</c>; else the pod's service account when there is one; else the default kubeconfig.</summary>
    public static KubernetesClientConfiguration Configuration(string? kubeconfig = null, string? context = null)
    {
        kubeconfig ??= Environment.GetEnvironmentVariable("KUBECONFIG");
        if (!string.IsNullOrEmpty(kubeconfig))
            return KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig, context);
        return KubernetesClientConfiguration.IsInCluster()
            ? KubernetesClientConfiguration.InClusterConfig()
            : KubernetesClientConfiguration.BuildConfigFromConfigFile(currentContext: context);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients)
            client.Dispose();
    }

    /// <summary>A dead connection is noticed within 45 s, and none is waited for without end (both are without bounds by default).</summary>
    private static void Setup(SocketsHttpHandler handler)
    {
        handler.ConnectTimeout = TimeSpan.FromSeconds(10);
        handler.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(15);
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(15);
        handler.EnableMultipleHttp2Connections = true;
    }
}
