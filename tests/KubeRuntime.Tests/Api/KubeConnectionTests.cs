using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Hosting;
using GrpoOperator.KubeRuntime.Tests.Fake;
using k8s;

namespace GrpoOperator.KubeRuntime.Tests.Api;

public sealed class KubeConnectionTests
{
    [Fact]
    public async Task Every_client_says_who_asks_and_nothing_of_the_library_below()
    {
        await using var kube = await FakeKube.StartAsync();
        using var connection = new KubeConnection(new KubernetesClientConfiguration { Host = kube.Address.ToString() }, TimeProvider.System, NoMetrics.Instance, "toys/1.2.3");
        foreach (var client in (IKubeApi[])[connection.Watches, connection.Requests, connection.Lease])
            await client.ListPageAsync(ApiResources.Pods, new Scope("default"), 1, null, TestContext.Current.CancellationToken);
        Assert.Equal(["toys/1.2.3", "toys/1.2.3", "toys/1.2.3"], kube.Requests.Select(request => request.UserAgent));
    }

    [Fact]
    public void By_default_it_is_the_program_and_its_version() =>
        Assert.Matches(@"^GrpoOperator\.KubeRuntime\.Tests/0\.1\.0$", new OperatorSettings().UserAgent);
}
