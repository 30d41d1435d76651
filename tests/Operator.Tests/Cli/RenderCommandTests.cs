using System.Text.Json;
using System.Text.Json.Nodes;
using GrpoOperator.Crds.Yaml;
using GrpoOperator.Operator.Cli;
using GrpoOperator.Operator.Cli.Render;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.Tests.Cli;

public sealed class RenderCommandTests
{
    public static TheoryData<string, string, string> Jobs()
    {
        var jobs = new TheoryData<string, string, string>();
        foreach (var name in SampleFiles.Names) jobs.Add(name, "", "");
        jobs.Add("qwen3-30b-a3b", "metadata:\n", "metadata:\n  uid: 3f0c2a4e-1f5e-4a7c-9a55-0d3c0b6e9a11\n  namespace: team-a\n  labels: {kueue.x-k8s.io/queue-name: rl}\n");
        jobs.Add("qwen3-30b-a3b", "spec:\n", "spec:\n  suspend: true\n  inspection: {policy: Skip}\n");
        jobs.Add("qwen3-30b-a3b", "spec:\n", "spec:\n  scheduling: {schedulerName: volcano, queue: rl}\n");
        jobs.Add("minimal", "  workers:\n", "  workers:\n    hostNetwork: true\n");
        return jobs;
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task What_is_rendered_is_what_the_operators_own_writer_posts(string name, string old, string @new)
    {
        var text = SampleFiles.Text(name, old, @new);
        var call = await Call.WithInput(text, "render", "-o", "json", "--allow-host-network", "--volcano", "-f", "-");
        Assert.Equal(ExitCodes.Fine, call.Code);

        var posted = await PlayedCluster.PostsOf(AsStored(text), new ClusterFacts { Volcano = true, Allowed = new AllowedPodFields { HostNetwork = true } });

        Assert.Contains(posted, post => post.Contains("\"kind\":\"StatefulSet\"", StringComparison.Ordinal));
        Assert.Equal(posted, Items(call.Output).Select(item => JsonNode.Parse(item.GetRawText())!.ToJsonString()));
    }

    [Theory]
    [InlineData("volcano", 1)]
    [InlineData("default-scheduler", 0)]
    public async Task A_PodGroup_of_the_operators_own_follows_its_StatefulSet(string scheduler, int groups)
    {
        var text = SampleFiles.Text("qwen3-30b-a3b", "spec:\n", $"spec:\n  scheduling: {{schedulerName: {scheduler}}}\n");
        var call = await Call.WithInput(text, "render", "-o", "json", "--volcano", "--volcano-pod-groups", "-f", "-");
        var items = Items(call.Output).SkipWhile(item => item.GetProperty("kind").GetString() != "StatefulSet").Skip(1).ToArray();

        Assert.Equal(groups, items.Length);
        Assert.All(items, group =>
        {
            Assert.Equal(("PodGroup", 2), (group.GetProperty("kind").GetString(), group.GetProperty("spec").GetProperty("minMember").GetInt32()));
            Assert.Equal(RenderedJob.PlaceholderUid, group.GetProperty("metadata").GetProperty("ownerReferences")[0].GetProperty("uid").GetString());
        });
        Assert.Contains(" PodGroups: ", call.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task Yaml_and_json_are_equal(string name, string old, string @new)
    {
        var text = SampleFiles.Text(name, old, @new);
        var (json, yaml) = (await Call.WithInput(text, "render", "-o", "json", "--allow-host-network", "-f", "-"), await Call.WithInput(text, "render", "--allow-host-network", "-f", "-"));
        Assert.Equal(
            Items(json.Output).Select(item => JsonNode.Parse(item.GetRawText())!.ToJsonString()),
            KubectlYaml.Read(yaml.Output).Select(document => JsonNode.Parse(document.Root.GetRawText())!.ToJsonString()));
    }

    [Fact]
    public async Task What_only_a_cluster_can_tell_is_named()
    {
        var text = SampleFiles.Text("qwen3-30b-a3b", "spec:\n", "spec:\n  scheduling: {schedulerName: volcano}\n");
        var json = await Call.WithInput(text, "render", "-o", "json", "-f", "-");
        var yaml = await Call.WithInput(text, "render", "-f", "-");
        string[] names = ["Uid", "Inspection", "Data", "Weights", "Volcano", "NetworkPolicy", "RunAsRoot", "Server"];
        Assert.Equal(names, json.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[2].TrimEnd(':')));
        Assert.Equal(names, yaml.Lines.TakeWhile(line => line.StartsWith("# ", StringComparison.Ordinal)).Select(line => line.Split(' ')[3].TrimEnd(':')));
        Assert.Contains(RenderedJob.PlaceholderUid, json.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_placeholder_stands_for_the_owner()
    {
        var call = await Call.Of("render", "-o", "json", "-f", SampleFiles.PathOf("minimal"));
        Assert.All(Items(call.Output), item =>
        {
            var owner = item.GetProperty("metadata").GetProperty("ownerReferences")[0];
            Assert.Equal((RenderedJob.PlaceholderUid, "minimal"), (owner.GetProperty("uid").GetString(), owner.GetProperty("name").GetString()));
        });
    }

    [Fact]
    public async Task A_job_that_lives_in_a_cluster_is_rendered_as_it_began()
    {
        var text = SampleFiles.Text("minimal", "metadata:\n", "metadata:\n  deletionTimestamp: 2026-01-02T03:04:05Z\n")
            + "\nstatus: {phase: Running, incarnation: 7, attemptsUsed: 6, inspection: {weights: Complete, data: Present}}\n";
        var call = await Call.WithInput(text, "render", "-o", "json", "-f", "-");
        Assert.Equal(Items((await Call.Of("render", "-o", "json", "-f", SampleFiles.PathOf("minimal"))).Output).Select(item => item.GetRawText()), Items(call.Output).Select(item => item.GetRawText()));
    }

    [Fact]
    public async Task A_generated_name_is_known_to_be_unknown()
    {
        var call = await Call.WithInput(SampleFiles.Text("minimal", "name: minimal", "generateName: minimal-"), "render", "-o", "json", "-f", "-");
        Assert.Contains(": unknown Name: default/minimal-xxxxx: ", call.Error, StringComparison.Ordinal);
        Assert.Contains("\"name\": \"minimal-xxxxx-launch\"", call.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_say_what_the_cluster_is_like()
    {
        var call = await Call.Of("render", "-o", "json", "--network-policy=false", "-n", "team-b", "--allow-run-as-root=false", "-f", SampleFiles.PathOf("minimal"));
        var items = Items(call.Output);
        Assert.DoesNotContain(items, item => item.GetProperty("kind").GetString() == "NetworkPolicy");
        Assert.All(items, item => Assert.Equal("team-b", item.GetProperty("metadata").GetProperty("namespace").GetString()));
        Assert.Contains("\"runAsNonRoot\": true", call.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_jobs_of_a_file_are_rendered_and_other_documents_left_out()
    {
        var call = await Call.WithInput($"{SampleFiles.Text("minimal")}\n---\napiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\n---\n{SampleFiles.Text("qwen3-8b-a2")}", "render", "-o", "json", "-f", "-");
        Assert.Equal(ExitCodes.Fine, call.Code);
        Assert.Equal(["minimal", "qwen3-8b-a2"], Items(call.Output).Where(item => item.GetProperty("kind").GetString() == "StatefulSet").Select(item => item.GetProperty("metadata").GetProperty("name").GetString()));
        Assert.Contains(": skipped Secret: default/s: ", call.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_rendered_when_one_of_the_jobs_is_wrong()
    {
        var call = await Call.WithInput($"{SampleFiles.Text("minimal")}\n---\n{SampleFiles.Text("minimal", "trainBatchSize: 16", "trainBatchSize: 15")}", "render", "-f", "-");
        Assert.Equal((ExitCodes.WrongJob, ""), (call.Code, call.Output));
        Assert.Contains(": error MiniBatchDivides: default/minimal: ", call.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("exception", call.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("render")]
    [InlineData("render -f /no/such/file")]
    [InlineData("render -f - -o xml")]
    [InlineData("render -f -")]
    public async Task A_call_that_gives_nothing_to_render_ends_with_two(string arguments)
    {
        var call = await Call.WithInput("", arguments.Split(' '));
        Assert.Equal((ExitCodes.WrongCall, ""), (call.Code, call.Output));
        Assert.NotEmpty(call.Error);
    }

    private static List<JsonElement> Items(string list) => [.. JsonDocument.Parse(list).RootElement.GetProperty("items").EnumerateArray()];

    /// <summary>The job as an API server would have stored it.</summary>
    private static JsonObject AsStored(string text)
    {
        var job = JsonNode.Parse(KubectlYaml.ReadSingle(text).Root.GetRawText())!.AsObject();
        var metadata = job["metadata"]!.AsObject();
        metadata["uid"] ??= RenderedJob.PlaceholderUid;
        metadata["namespace"] ??= "default";
        metadata["generation"] = 1;
        return job;
    }
}
