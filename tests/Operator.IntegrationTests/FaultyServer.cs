using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>The real API server behind a proxy on this machine's loopback, which does to each request what a fault says.</summary>
internal sealed class FaultyServer : IAsyncDisposable
{
    // Watches stand still for minutes; the server ends them.
    private static readonly ForwarderRequestConfig Patient = new() { ActivityTimeout = TimeSpan.FromMinutes(30) };

    private readonly WebApplication app;
    private readonly HttpMessageInvoker upstream;

    private FaultyServer(WebApplication app, HttpMessageInvoker upstream)
    {
        this.app = app;
        this.upstream = upstream;
    }

    /// <summary>How an operator reaches it: plain HTTP, and the proxy has an administrator's rights.</summary>
    public KubernetesClientConfiguration Configuration => new() { Host = app.Urls.Single(), Namespace = "default" };

    /// <summary>The same for a process: where a kubeconfig that names the proxy was written.</summary>
    public async Task<string> KubeconfigAsync(TestNamespace @namespace)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{@namespace.Name}.proxy.kubeconfig");
        await File.WriteAllTextAsync(path, $$$"""
            {"apiVersion": "v1", "kind": "Config", "current-context": "proxy",
             "clusters": [{"name": "proxy", "cluster": {"server": "{{{app.Urls.Single()}}}"}}],
             "users": [{"name": "proxy", "user": {"token": "the-proxy-has-its-own"}}],
             "contexts": [{"name": "proxy", "context": {"cluster": "proxy", "user": "proxy", "namespace": "{{{@namespace.Name}}}"}}]}
            """);
        return path;
    }

    public static async Task<FaultyServer> StartAsync(Fault fault)
    {
        var real = KubeConnection.Configuration(TestCluster.Kubeconfig);
        var invoker = new HttpMessageInvoker(Handler(real));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddHttpForwarder();
        var proxy = builder.Build();
        var forwarder = proxy.Services.GetRequiredService<IHttpForwarder>();
        proxy.Run(context =>
        {
            context.Request.Headers.Authorization = default;
            return fault.HandleAsync(context, async () => await forwarder.SendAsync(context, real.Host, invoker, Patient));
        });
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        return new FaultyServer(proxy, invoker);
    }

    public async ValueTask DisposeAsync()
    {
        // Watches are cut, not waited for.
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
        upstream.Dispose();
    }

    private static SocketsHttpHandler Handler(KubernetesClientConfiguration real)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None, EnableMultipleHttp2Connections = true };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(real.SslCaCerts);
        handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPem(Text(real.ClientCertificateData), Text(real.ClientCertificateKeyData))];
        return handler;
    }

    private static string Text(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}
