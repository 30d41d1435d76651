using System.Text.Json.Nodes;
using GrpoOperator.Crds;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.E2E;

/// <summary>
/// What is wrong with model, data, storage and image is named within a minute, before an NPU is asked for, and a repaired
/// volume starts the job without another <c>kubectl apply</c>.
/// </summary>
public sealed class InspectionTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [ClusterFact]
    public async Task Everything_wrong_is_named_within_a_minute_and_no_NPU_was_asked_for()
    {
        await using var @namespace = await TestNamespace.CreateAsync("inspect");
        await @namespace.MakeInputsAsync();
        await using var @operator = await OperatorProcess.StartAsync(@namespace);
        OddHeads(@namespace);
        Directory.CreateDirectory(@namespace.PathOf("weights", "foreign"));
        await File.WriteAllTextAsync(@namespace.PathOf("weights", "foreign", "thesis.tex"), "not ours");
        await using var disk = await FullDisk.MountAsync(@namespace.PathOf("data", "full"));

        (string Rule, string Says, JsonObject Job)[] wrong =
        [
            ("ModelPathNotFound", "/weight/Qwen3-30B was not found", Samples.Small("path", 1, "spec: {model: {path: /weight/Qwen3-30B}}")),
            ("AttentionHeads", "the model's attention heads 30 are not divisible by actor.parallelism.tensor 4", Samples.Published("heads", 1, "spec: {model: {path: /weight/odd-heads}}")),
            ("DataColumnsMissing", "this is the raw data set, it has to be prepared", Samples.Small("raw", 1, "spec: {data: {prepare: null, trainFiles: [/data/gsm8k/main/train-00000-of-00001.parquet]}}")),
            ("CheckpointDirUnusable", "/data/full has no space left", Samples.Small("disk", 1, "spec: {trainer: {saveFrequency: 1, checkpointDir: /data/full}}")),
            ("WeightsIncomplete", "/weight/foreign holds other content", Samples.Published("foreign", 1, "spec: {model: {distCheckpointPath: /weight/foreign}}")),
            ("LaunchModuleNotFound", "no module recipe.dapo.main_dapo in /verl", Samples.Small("module", 1, "spec: {launch: {module: recipe.dapo.main_dapo}}")),
            // The key tables can't know what another configuration than verl's own holds; the image's Hydra does.
            ("HydraComposition", "Cannot find primary config 'mine'", Samples.Small("hydra", 1, "spec: {launch: {configName: mine}}")),
        ];
        var jobs = await Task.WhenAll(wrong.Select(async at => (at.Rule, at.Says, Job: await TrainingJob.CreateAsync(@namespace, at.Job))));
        await Task.WhenAll(jobs.Select(async at =>
        {
            var condition = await at.Job.SaysAsync(ConditionTypes.Inspected, at.Rule, Soon);
            Assert.Contains(at.Says, condition.Message, StringComparison.Ordinal);
            Assert.Equal(JobPhase.Invalid, (await at.Job.StatusAsync()).Phase);
        }));

        Assert.Empty(await Kube.ListAsync(ApiResources.StatefulSets, @namespace.Name));
        var pods = await Kube.ListAsync(ApiResources.Pods, @namespace.Name);
        Assert.Equal(jobs.Length, pods.Count);
        Assert.All(pods, pod => Assert.DoesNotContain("huawei.com", pod["spec"]!.ToJsonString(), StringComparison.Ordinal));
        Assert.Equal("not ours", await File.ReadAllTextAsync(@namespace.PathOf("weights", "foreign", "thesis.tex")));
    }

    [ClusterFact]
    public async Task A_disk_that_is_no_longer_full_starts_the_job()
    {
        await using var @namespace = await TestNamespace.CreateAsync("disk");
        await @namespace.MakeInputsAsync();
        await using var @operator = await OperatorProcess.StartAsync(@namespace, timeScale: 0.1);
        await using var disk = await FullDisk.MountAsync(@namespace.PathOf("data", "full"));
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Small("disk", 2, "spec: {trainer: {saveFrequency: 1, checkpointDir: /data/full}}"));
        await job.SaysAsync(ConditionTypes.Inspected, "CheckpointDirUnusable", Soon);
        var generation = (await job.ObjectAsync())!["metadata"]!["generation"]!.GetValue<long>();
        using var npus = await Npus.ReserveAsync(nodes: 1, each: 2);

        await disk.EmptyAsync();
        await job.ReachesAsync(JobPhase.Succeeded);
        Assert.Equal(generation, (await job.ObjectAsync())!["metadata"]!["generation"]!.GetValue<long>());
    }

    [ClusterFact]
    public async Task A_claim_that_only_one_node_can_use_is_warned_of()
    {
        await using var @namespace = await TestNamespace.CreateAsync("single");
        await @namespace.MakeInputsAsync();
        var volume = $"{@namespace.Name}-single";
        await Kube.CreateAsync(TestNamespace.PersistentVolumes, null, Samples.Yaml($$"""
            {apiVersion: v1, kind: PersistentVolume, metadata: {name: {{volume}}}, spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: "", claimRef: {namespace: {{@namespace.Name}}, name: single},
             hostPath: {path: {{@namespace.PathOf("data")}} } } }
            """)!.AsObject());
        await Kube.CreateAsync(ApiResources.PersistentVolumeClaims, @namespace.Name, Samples.Yaml($$"""
            {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: single}, spec: {accessModes: [ReadWriteOnce], storageClassName: "", volumeName: {{volume}}, resources: {requests: {storage: 1Gi} } } }
            """)!.AsObject());
        try
        {
            await using var @operator = await OperatorProcess.StartAsync(@namespace);
            using var npus = await Npus.ReserveAsync(nodes: 2, each: 2);
            var job = await TrainingJob.CreateAsync(@namespace, Samples.Small("single", 1, """
                spec:
                  workers: {nodes: 2}
                  volumes: [{name: weights, persistentVolumeClaim: {claimName: weights}}, {name: data, persistentVolumeClaim: {claimName: single}}]
                """));
            var warned = await job.SaysAsync(ConditionTypes.Warned, "ClaimAccess");
            Assert.Contains("claim 'single' has access mode ReadWriteOnce; pods on 2 nodes need ReadWriteMany", warned.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("'weights'", warned.Message, StringComparison.Ordinal);
        }
        finally
        {
            await Kube.DeleteAsync(TestNamespace.PersistentVolumes, string.Empty, volume);
        }
    }

    /// <summary>The model again, with heads that no tensor parallel size of four divides.</summary>
    private static void OddHeads(TestNamespace @namespace)
    {
        var (from, to) = (@namespace.PathOf("weights", "Qwen3-30B-A3B"), @namespace.PathOf("weights", "odd-heads"));
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        var config = Path.Combine(to, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"num_attention_heads\": 32", "\"num_attention_heads\": 30", StringComparison.Ordinal));
    }

    /// <summary>A small file system over a folder of a shared volume, the same kind on both nodes, with no byte free.</summary>
    private sealed class FullDisk : IAsyncDisposable
    {
        private readonly string folder;

        private FullDisk(string folder) => this.folder = folder;

        public static async Task<FullDisk> MountAsync(string folder)
        {
            Directory.CreateDirectory(folder);
            await OnBothAsync($"mount -t tmpfs -o size=4m,mode=1777 full {folder} && ! dd if=/dev/zero of={folder}/filler bs=64k 2>/dev/null");
            return new FullDisk(folder);
        }

        public Task EmptyAsync() => OnBothAsync($"rm {folder}/filler");

        public async ValueTask DisposeAsync() => await OnBothAsync($"umount -l {folder}");

        private static async Task OnBothAsync(string script)
        {
            foreach (var node in (string[])["1", "2"]) await TestCluster.CommandAsync("node-exec", node, "sh", "-c", script);
        }
    }
}
