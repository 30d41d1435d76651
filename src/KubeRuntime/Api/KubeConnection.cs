using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;
using k8s.Exceptions;

namespace GrpoOperator.KubeRuntime.Api;

/// <summary>The connections of one operator to one API server.</summary>
/// <remarks>Three clients, each with TCP connections of its own: a stuck watch connection delays no write, and neither delays the lease.
/// Kubeconfig and credentials are KubernetesClient's. Its client class is not used: it brings the JSON of every Kubernetes
/// type into a NativeAOT image, and with a CA of its own it doesn't look at the server's name.</remarks>
public sealed class KubeConnection : IDisposable
{
    private readonly List<HttpClient> _clients = [];

    /// <summary>Connects as a configuration says; nothing is sent yet.</summary>
    /// <param name="configuration">Server, trust and credentials.</param>
    /// <param name="time">Timeouts.</param>
    /// <param name="metrics">Told of every request.</param>
    /// <param name="userAgent">Who asks, as the server's audit log shows it; null: what the configuration says.</param>
    public KubeConnection(KubernetesClientConfiguration configuration, TimeProvider time, IRuntimeMetrics metrics, string? userAgent = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Namespace = configuration.Namespace?.Trim() is { Length: > 0 } own ? own : "default";
        var server = Server(configuration);
        var credentials = Kubernetes.CreateCredentials(configuration);
        var certificate = ClientCertificate(configuration);
        var respite = new Respite(time);
        Watches = Client(respite);
        Requests = Client(respite);
        Lease = Client(new Respite(time)); // Losing the lease is worse than one small request too many.

        KubeApi Client(Respite its)
        {
            var client = new HttpClient(new TrustHandler(TrustFailures) { InnerHandler = Handler(configuration, certificate) }) { Timeout = Timeout.InfiniteTimeSpan };
            _clients.Add(client);
            client.DefaultRequestVersion = HttpVersion.Version20; // Offered; plain http, and servers without it, speak 1.1.
            client.DefaultRequestHeaders.Host = configuration.TlsServerName;
            client.DefaultRequestHeaders.UserAgent.TryParseAdd(userAgent ?? configuration.UserAgent);
            return new KubeApi(client, server, credentials, its, time, metrics);
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

    private static Uri Server(KubernetesClientConfiguration configuration) =>
        Uri.TryCreate(configuration.Host, UriKind.Absolute, out var server) ? server : throw new KubeConfigException($"The server's address '{configuration.Host}' is no URL.");

    /// <summary>A dead connection is noticed within 45 s, and none is waited for without end (both are without bounds by default).</summary>
    private static SocketsHttpHandler Handler(KubernetesClientConfiguration configuration, X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(10),
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            PooledConnectionLifetime = TimeSpan.FromMinutes(15),
            EnableMultipleHttp2Connections = true,
        };
        Trust(handler.SslOptions, configuration);
        if (certificate is not null) handler.SslOptions.ClientCertificates = [certificate];
        return handler;
    }

    /// <summary>As kubectl does: the given CA and no other, or the machine's where none is given; always with the server's name.</summary>
    private static void Trust(SslClientAuthenticationOptions options, KubernetesClientConfiguration configuration)
    {
        if (configuration.SkipTlsVerify)
        {
#pragma warning disable CA5359 // What insecure-skip-tls-verify in a kubeconfig asks for.
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (configuration.SslCaCerts is { Count: > 0 } trusted)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(trusted);
        }
    }

    private static X509Certificate2? ClientCertificate(KubernetesClientConfiguration configuration) =>
        Pem(configuration.ClientCertificateData, configuration.ClientCertificateFilePath) is { } certificate
        && Pem(configuration.ClientCertificateKeyData, configuration.ClientKeyFilePath) is { } key
            ? X509Certificate2.CreateFromPem(certificate, key)
            : null;

    private static string? Pem(string? base64, string? path) =>
        !string.IsNullOrEmpty(base64) ? Encoding.UTF8.GetString(Convert.FromBase64String(base64))
        : !string.IsNullOrEmpty(path) ? File.ReadAllText(path)
        : null;
}
