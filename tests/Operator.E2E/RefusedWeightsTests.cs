using GrpoOperator.Crds;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.E2E;

/// <summary>Converted weights that are not this model's are refused with what to do about it, and never touched.</summary>
public sealed class RefusedWeightsTests
{
    private const string Half = "__0_0.distcp";

    [ClusterFact]
    public async Task A_half_written_target_is_refused_by_the_inspection()
    {
        await using var @namespace = await InputsAsync("half");
        await using var @operator = await OperatorProcess.StartAsync(@namespace);
        var target = HalfWritten(@namespace);
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Published("half", 2));
        var condition = await job.SaysAsync(ConditionTypes.Inspected, Reasons.WeightsIncomplete);
        Assert.Equal(JobPhase.Invalid, (await job.StatusAsync()).Phase);
        Assert.Contains("/weight/Qwen3-30B-A3B-dist holds other content or an unfinished conversion", condition.Message, StringComparison.Ordinal);
        Assert.Contains("empty or remove it, or name another distCheckpointPath", condition.Message, StringComparison.Ordinal);
        Assert.Contains("empty or remove it", await job.TellsAsync(Reasons.WeightsIncomplete), StringComparison.Ordinal);
        await NothingWasDoneAsync(job, target);
    }

    [ClusterFact]
    public async Task Weights_of_another_model_are_refused_by_the_inspection()
    {
        await using var @namespace = await InputsAsync("other");
        await using var @operator = await OperatorProcess.StartAsync(@namespace);
        var target = HalfWritten(@namespace);
        await File.WriteAllTextAsync(Path.Combine(target, "metadata.json"), "{}");
        await File.WriteAllTextAsync(Path.Combine(target, ".metadata"), "{}");
        await File.WriteAllTextAsync(Path.Combine(target, ".grpo-source.json"), """{"modelPath":"/weight/Qwen3-8B","configSha256":"0","indexSha256":"0"}""");
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Published("other", 2));
        var condition = await job.SaysAsync(ConditionTypes.Inspected, Reasons.WeightsOfOtherModel);
        Assert.Equal(JobPhase.Invalid, (await job.StatusAsync()).Phase);
        Assert.Contains("was made from another model than /weight/Qwen3-30B-A3B", condition.Message, StringComparison.Ordinal);
        Assert.Contains("name another distCheckpointPath, or remove it to convert anew", condition.Message, StringComparison.Ordinal);
        await job.TellsAsync(Reasons.WeightsOfOtherModel);
        await NothingWasDoneAsync(job, target);
    }

    [ClusterFact]
    public async Task Without_an_inspection_the_conversion_Job_refuses_the_same()
    {
        await using var @namespace = await InputsAsync("converter");
        await using var @operator = await OperatorProcess.StartAsync(@namespace);
        var target = HalfWritten(@namespace);
        using var npus = await Npus.ReserveAsync(nodes: 1, each: 1);
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Published("uninspected", 2, "spec: {inspection: {policy: Skip}}"));
        var status = await job.ReachesAsync(JobPhase.Failed);
        var failed = status.Conditions.Single(condition => condition.Type == ConditionTypes.Failed);
        Assert.Equal(Reasons.WeightsIncomplete, failed.Reason);
        Assert.Contains("empty or remove it, or name another distCheckpointPath", failed.Message, StringComparison.Ordinal);
        Assert.Equal([Half], Directory.GetFileSystemEntries(target).Select(Path.GetFileName));
        Assert.Empty(await Kube.ListAsync(ApiResources.StatefulSets, @namespace.Name));
    }

    private static async Task<TestNamespace> InputsAsync(string purpose)
    {
        var @namespace = await TestNamespace.CreateAsync(purpose);
        await @namespace.MakeInputsAsync();
        return @namespace;
    }

    private static string HalfWritten(TestNamespace @namespace)
    {
        var target = Directory.CreateDirectory(@namespace.PathOf("weights", "Qwen3-30B-A3B-dist")).FullName;
        File.WriteAllText(Path.Combine(target, Half), "half a shard");
        return target;
    }

    private static async Task NothingWasDoneAsync(TrainingJob job, string target)
    {
        Assert.Equal("half a shard", await File.ReadAllTextAsync(Path.Combine(target, Half)));
        Assert.DoesNotContain(Directory.GetFileSystemEntries(Path.GetDirectoryName(target)!), path => path.Contains(".tmp-", StringComparison.Ordinal));
        Assert.Equal([$"{job.Name}-inspect"], (await Kube.ListAsync(ApiResources.Jobs, job.Namespace)).Select(made => Kube.Text(made, "metadata", "name")));
        Assert.Empty(await Kube.ListAsync(ApiResources.StatefulSets, job.Namespace));
    }
}
