using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using GrpoOperator.Crds.Yaml;
using k8s;

namespace GrpoOperator.Crds.Tests.Server;

/// <summary>A real server on which one form of the CRD is installed for as long as this lives.</summary>
public abstract class CrdServer(string variable, string crd, int namesUntil) : IAsyncLifetime
{
    private const string Definitions = "apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private const string Definition = Definitions + "/grpotrainingjobs.grpo-operator.dev";
    private readonly string? kubeconfig = Environment.GetEnvironmentVariable(variable);
    private Kubernetes? client;

    public const string Jobs = "apis/grpo-operator.dev/v1alpha1/namespaces/default/grpotrainingjobs";

    public void SkipUnlessThere() =>
        Assert.SkipWhen(kubeconfig is null, $"{variable} names no kubeconfig of a server for this form of the CRD");

    public async ValueTask InitializeAsync()
    {
        if (kubeconfig is null)
            return;
        client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig));
        await Remove();
        var (code, answer) = await Send(HttpMethod.Post, Definitions, KubectlYaml.ReadSingle(crd).Root.GetRawText());
        Assert.True(code == HttpStatusCode.Created, $"the CRD is refused: {answer}");
        await Until(async () => (await Send(HttpMethod.Get, Jobs)).Code == HttpStatusCode.OK);
    }

    public async ValueTask DisposeAsync()
    {
        if (client is not null)
            await Remove();
        client?.Dispose();
        GC.SuppressFinalize(this);
    }

    public async Task<(HttpStatusCode Code, JsonNode Answer)> Send(HttpMethod method, string path, string? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, new Uri(client!.BaseUri, path));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, type);
        using var response = await client.HttpClient.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text)! : JsonValue.Create(text)!);
    }

    /// <summary>Creates an object and hands back what the server made of it.</summary>
    public async Task<JsonNode> Create(JsonObject job)
    {
        var (code, answer) = await Send(HttpMethod.Post, Jobs, job.ToJsonString());
        Assert.True(code == HttpStatusCode.Created, answer.ToJsonString());
        return answer;
    }

    private async Task Remove()
    {
        await Send(HttpMethod.Delete, Definition);
        await Until(async () => (await Send(HttpMethod.Get, Definition)).Code == HttpStatusCode.NotFound);
    }

    private async Task Until(Func<Task<bool>> holds)
    {
        for (var i = 0; i < namesUntil; i++)
        {
            if (await holds())
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.Fail("the server doesn't come to the expected state");
    }
}

/// <summary>The newest server, with the form that has rules.</summary>
public sealed class CelCrdServer() : CrdServer("CRDSERVER_KUBECONFIG", CrdForms.WithCel, 300);

/// <summary>One installation for all tests of this form.</summary>
[CollectionDefinition(nameof(CelCrdServer))]
public sealed class CelCrdServerCollection : ICollectionFixture<CelCrdServer>;

/// <summary>The oldest supported server, with the form that has none.</summary>
public sealed class PlainCrdServer() : CrdServer("PLAIN_CRD_KUBECONFIG", CrdForms.WithoutCel, 300);
