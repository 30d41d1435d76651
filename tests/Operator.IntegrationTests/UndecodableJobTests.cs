using System.Text.Json.Nodes;
using GrpoOperator.Crds;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>Objects from before a schema, or past it: the CustomResourceDefinition is taken back to "anything goes" for this, so nothing runs beside it.</summary>
[Collection("changes the definition")]
public sealed class UndecodableJobTests
{
    [ClusterFact]
    public async Task A_job_that_cannot_be_decoded_says_where_and_the_others_go_on()
    {
        await using var @namespace = await TestNamespace.CreateAsync("undecodable", volumes: false);
        await using var hand = await Hand.StartAsync(@namespace);
        const string Name = "grpotrainingjobs.grpo-operator.dev";
        var definition = (await Kube.GetAsync(ApiResources.CustomResourceDefinitions, string.Empty, Name))!;
        var versions = definition["spec"]!["versions"]!.DeepClone();
        var open = versions.DeepClone();
        open[0]!["schema"] = JsonNode.Parse("""{"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}""");
        await SetAsync(open);
        try
        {
            await using var @operator = await InProcessOperator.StartAsync(@namespace);
            var broken = await Eventually.SeeAsync(() => BrokenAsync(@namespace), TimeSpan.FromSeconds(30), "the server takes anything");
            var condition = await broken.SaysAsync(ConditionTypes.Valid, Reasons.Undecodable);
            Assert.Equal(JobPhase.Invalid, (await broken.StatusAsync()).Phase);
            Assert.Contains("spec.workers.nodes", condition.Message, StringComparison.Ordinal);
            Assert.Contains("spec.workers.nodes", await broken.TellsAsync(Reasons.Undecodable), StringComparison.Ordinal);

            var good = await TrainingJob.CreateAsync(@namespace, Samples.Small("good", 3, Hand.Job));
            await good.ReachesAsync(JobPhase.Succeeded);

            // Correcting it starts it.
            await Kube.PatchAsync(Reconcile.Resources.TrainingJobs, @namespace.Name, "broken", JsonNode.Parse("""{"spec": {"workers": {"nodes": 1}}}""")!);
            await broken.ReachesAsync(JobPhase.Succeeded);
        }
        finally
        {
            await SetAsync(versions);
        }

        async Task SetAsync(JsonNode to) =>
            await Kube.PatchAsync(ApiResources.CustomResourceDefinitions, string.Empty, Name, new JsonObject { ["spec"] = new JsonObject { ["versions"] = to.DeepClone() } });
    }

    private static async Task<TrainingJob?> BrokenAsync(TestNamespace @namespace)
    {
        var job = Samples.Small("broken", 3, Hand.Job);
        job["spec"]!["workers"]!["nodes"] = "two";
        try
        {
            return await TrainingJob.CreateAsync(@namespace, job);
        }
        catch (KubeApiException exception) when (exception.IsInvalid)
        {
            // The old schema still stands.
            return null;
        }
    }
}

[CollectionDefinition("changes the definition", DisableParallelization = true)]
public sealed class ChangesTheDefinitionCollection;
