using System.Text.Json.Nodes;
using GrpoOperator.Crds.Yaml;

namespace GrpoOperator.Operator.Cluster;

/// <summary>Jobs made from the repository's samples.</summary>
internal static class Samples
{
    /// <summary>The image of machines without NPUs.</summary>
    public const string Image = "docker.io/grpo/verl-standin:dev";

    /// <summary>The published two-node sample with only image, number of steps and requests replaced.</summary>
    public static JsonObject Published(string name, int steps, string patch = "{}") => Job("qwen3-30b-a3b", name, $$"""
        spec:
          image: {{Image}}
          trainer:
            totalSteps: {{steps}}
          conversion:
            resources:
              requests: {cpu: 10m, memory: 64Mi}
          workers:
            resources:
              requests: {cpu: 10m, memory: 64Mi}
          ray: {cpusPerNode: 64}
        """, patch);

    /// <summary>A small job of one or more nodes with two NPUs each: FSDP, raw data prepared, nothing saved.</summary>
    public static JsonObject Small(string name, int steps, string patch = "{}") => Job("minimal", name, $$"""
        spec:
          image: {{Image}}
          model: {path: /weight/Qwen3-30B-A3B}
          inspection:
            resources:
              requests: {cpu: 10m, memory: 32Mi}
          data:
            trainFiles: [/data/prepared/train.parquet]
            valFiles: [/data/prepared/test.parquet]
            prepare:
              rawPath: /data/gsm8k
              outputDir: /data/prepared
              resources:
                requests: {cpu: 10m, memory: 32Mi}
          trainer:
            totalSteps: {{steps}}
          workers:
            nodes: 1
            npusPerNode: 2
            sharedMemory: 64Mi
            resources:
              requests: {cpu: 10m, memory: 64Mi}
          ray: {cpusPerNode: 10}
          volumes:
          - name: weights
            persistentVolumeClaim: {claimName: weights}
          - name: data
            persistentVolumeClaim: {claimName: data}
          volumeMounts:
          - {name: weights, mountPath: /weight}
          - {name: data, mountPath: /data}
        """, patch);

    /// <summary>A sample with merge patches, written in YAML, over it.</summary>
    public static JsonObject Job(string sample, string name, params string[] patches)
    {
        JsonNode? job = Yaml(File.ReadAllText(RepositoryFiles.PathOf("config", "samples", $"{sample}.yaml")));
        foreach (var patch in patches) job = Merge(job, Yaml(patch));
        job!["metadata"]!["name"] = name;
        return job.AsObject();
    }

    public static JsonNode? Yaml(string text) => JsonNode.Parse(KubectlYaml.ReadSingle(text).Root.GetRawText());

    /// <summary>RFC 7386.</summary>
    public static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes) return patch?.DeepClone();
        var result = target as JsonObject ?? [];
        foreach (var (name, value) in changes)
        {
            if (value is null)
                result.Remove(name);
            else
                result[name] = Merge(result[name]?.DeepClone(), value);
        }

        return result;
    }
}
