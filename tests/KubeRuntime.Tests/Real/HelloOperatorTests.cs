using System.Diagnostics;
using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.KubeRuntime.Tests.Real;

/// <summary>The sample operator as its own process, on a real server.</summary>
public sealed class HelloOperatorTests(RealServer server) : IClassFixture<RealServer>
{
    private static readonly ApiResource Greetings = new("hello.example.dev", "v1", "greetings", "Greeting");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_greets_keeps_its_promise_and_leaves_in_order()
    {
        server.SkipUnlessThere();
        await DefineAsync();
        using var process = Start();
        var output = process.StandardOutput.ReadToEndAsync(Cancelled);
        try
        {
            var key = new NamespacedName(server.Namespace, "w");
            var child = new NamespacedName(server.Namespace, "w-greeting");
            await server.Api.CreateAsync(Greetings, server.Namespace, Greeting("w", "world"), Cancelled);
            await ShowsAsync(ApiResources.ConfigMaps, child, "data", "Hello, world!");
            await ShowsAsync(Greetings, key, "status", "Hello, world!");

            await server.Api.MergePatchAsync(Greetings, key, null, new JsonObject { ["spec"] = new JsonObject { ["name"] = "moon" } }, Cancelled);
            await ShowsAsync(ApiResources.ConfigMaps, child, "data", "Hello, moon!");

            var made = await FindAsync(ApiResources.ConfigMaps, child);
            var uid = (string)made!["metadata"]!["uid"]!;
            await server.Api.DeleteAsync(ApiResources.ConfigMaps, child, new DeleteOptions(uid), Cancelled);
            await UntilAsync(async () => (string?)(await FindAsync(ApiResources.ConfigMaps, child))?["metadata"]!["uid"] is { } next && next != uid, "made again");

            var events = await server.Api.ListPageAsync(ApiResources.Events, new Scope(server.Namespace, FieldSelector: "reason=Greeted"), 10, null, Cancelled);
            Assert.Equal("w", new ApiAnswer(Assert.Single(events.Items)).Json().GetProperty("involvedObject").GetProperty("name").GetString());
        }
        finally
        {
            using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            await process.WaitForExitAsync(Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        }

        Assert.True(process.ExitCode == 0, await output);
        var lease = await FindAsync(ApiResources.Leases, new NamespacedName("default", "hello-operator"));
        Assert.Equal("", (string?)lease!["spec"]!["holderIdentity"]);
    }

    private static JsonObject Greeting(string name, string greeted) => new()
    {
        ["apiVersion"] = Greetings.ApiVersion,
        ["kind"] = "Greeting",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject { ["name"] = greeted },
    };

    private Process Start()
    {
        var program = Path.Combine(RealServer.Root(), "artifacts", "bin", "HelloOperator", Configuration(), "GrpoOperator.HelloOperator.dll");
        var start = new ProcessStartInfo("dotnet", [program]) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["KUBECONFIG"] = server.Kubeconfig;
        return Process.Start(start)!;
    }

    private static string Configuration() => new DirectoryInfo(AppContext.BaseDirectory).Name;

    /// <summary>Puts up the sample's CRD: its YAML by kubectl, as its readers do.</summary>
    private async Task DefineAsync()
    {
        var file = Path.Combine(RealServer.Root(), "samples", "HelloOperator", "greetings.yaml");
        var start = new ProcessStartInfo(Kubectl(), ["--kubeconfig", server.Kubeconfig, "apply", "-f", file]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync(Cancelled);
        await process.WaitForExitAsync(Cancelled);
        Assert.True(process.ExitCode == 0, errors);
        await UntilAsync(
            async () =>
            {
                try
                {
                    await server.Api.ListPageAsync(Greetings, new Scope(server.Namespace), 1, null, Cancelled);
                    return true;
                }
                catch (KubeApiException e) when (e.IsNotFound)
                {
                    return false;
                }
            },
            "the resource served");
    }

    /// <summary>The kubectl of the cluster, beside its kubeconfig, or the one on the path.</summary>
    private string Kubectl()
    {
        var own = Path.Combine(Path.GetDirectoryName(server.Kubeconfig)!, "bin", "kubectl");
        return File.Exists(own) ? own : "kubectl";
    }

    private Task ShowsAsync(ApiResource resource, NamespacedName name, string part, string text) =>
        UntilAsync(async () => (string?)(await FindAsync(resource, name))?[part]?["text"] == text, $"{name} showing {text}");

    private async Task<JsonNode?> FindAsync(ApiResource resource, NamespacedName name)
    {
        try
        {
            return JsonNode.Parse((await server.Api.GetAsync(resource, name, Cancelled)).Body.Span);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30), $"Never: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancelled);
        }
    }
}
