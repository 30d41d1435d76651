using System.Text.Json;
using System.Text.Json.Nodes;
using GrpoOperator.Training.Children;
using GrpoOperator.Training.Tests.Verl;

namespace GrpoOperator.Training.Tests.Children;

/// <summary>Jobs whose children are looked at: every sample, and samples changed so that each branch of a builder is taken.</summary>
internal static class ChildSamples
{
    private const string Uid = "7d1f0c52-3b0e-4c62-9f8e-0a5c1d2e3f40";

    private static readonly Dictionary<string, (string Sample, string Patch)> Variants = new(StringComparer.Ordinal)
    {
        ["host-network"] = ("qwen3-8b-a2", "{workers: {hostNetwork: true, networkInterface: bond0, template: {spec: {affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: rack, labelSelector: {}}]}}}}}, ray: {dashboard: true}, model: {distCheckpointPath: /weight/dist, weights: DistCheckpoint}, strategy: Megatron, actor: {parallelism: {ulysses: null}}}"),
        ["super-pod"] = ("qwen3-30b-a3b", "{workers: {accelerator: atlas-900-a3-superpod}, scheduling: {schedulerName: volcano, queue: rl}}"),
        ["hami"] = ("qwen3-30b-a3b", "{workers: {accelerator: hami-a3}}"),
        ["everything"] = ("qwen3-30b-a3b", """
            imagePullPolicy: IfNotPresent
            imagePullSecrets: [{name: pull}]
            envFrom: [{configMapRef: {name: more}}]
            env:
              - {name: HCCL_CONNECT_TIMEOUT, value: "600"}
              - {name: TOKEN, valueFrom: {secretKeyRef: {name: hub, key: token}}}
            data: {prepare: {outputDir: null, image: data-image, extraArgs: [--more], resources: {requests: {cpu: 4}}, template: {spec: {tolerations: []}}}}
            conversion: {npus: 2, image: convert-image, activeDeadlineSeconds: 7200, extraArgs: [--trust_remote_code], template: {metadata: {labels: {team: rl}}}}
            inspection: {image: look-image, template: {spec: {containers: [{name: inspector, env: [{name: MORE, value: x}]}]}}}
            reward: {path: /data/reward.py, functionName: score}
            trainer: {logDir: /data/logs, resume: {mode: Disabled}, loggers: [console, tensorboard]}
            launch: {pythonPath: [/data/code], setup: "export A=1\n"}
            logs: {directory: /data/logs}
            ray: {dashboard: true, objectStoreMemory: 32Gi}
            scheduling: {gang: Volcano, queue: rl, priorityClassName: high}
            workers:
              driverMounts: true
              resources: {limits: {memory: 1Ti}, requests: {cpu: null, memory: null}}
              template:
                metadata: {labels: {team: rl}, annotations: {huawei.com/schedule_policy: chip2-node16-sp, sp-block: "16"}}
                spec:
                  nodeSelector: {kubernetes.io/arch: arm64}
                  tolerations: [{key: npu, operator: Exists}]
                  runtimeClassName: ascend
                  securityContext: {fsGroup: 1000}
                  imagePullSecrets: [{name: second}]
                  fieldOfTheFuture: {kept: true}
                  initContainers: [{name: tune, image: busybox}]
                  containers:
                    - {name: sidecar, image: busybox}
                    - {name: trainer, securityContext: {runAsUser: 0}, resources: {limits: {cpu: 128}}}
            """),
    };

    public static IEnumerable<string> Names { get; } = [.. Samples.Names, .. Variants.Keys];

    public static ChildContext Context(string name)
    {
        var (sample, patch) = Variants.GetValueOrDefault(name, (name, "{}"));
        return new ChildContext
        {
            Namespace = Samples.Namespace,
            JobName = name,
            JobUid = Uid,
            Spec = Samples.Spec(sample, patch),
            Incarnation = 3,
            Attempt = 2,
            ResumeEpoch = 1,
            FenceWait = name == "everything",
            Try = Labels.BatchTry("0123456789abcdef", 1),
            JobLabels = name == "everything" ? new Dictionary<string, string>(StringComparer.Ordinal) { [Labels.KueueQueue] = "rl", ["other"] = "x" } : new Dictionary<string, string>(StringComparer.Ordinal),
            Cluster = new ClusterFacts { Volcano = true },
        };
    }

    public static ChildContext Context(string sample, string patch) => Context(sample) with { Spec = Samples.Spec(sample, patch) };

    /// <summary>All children of a job that it has, by kind.</summary>
    public static IEnumerable<(ChildKind Kind, JsonObject Child)> Children(ChildContext context) =>
        from kind in Enum.GetValues<ChildKind>()
        where kind != ChildKind.DataJob || context.Spec.Data.Prepare is not null
        select (kind, Build(kind, context));

    public static JsonObject Build(ChildKind kind, ChildContext context) => kind switch
    {
        ChildKind.LaunchConfig => LaunchConfig.Build(context),
        ChildKind.InspectionJob => InspectionJob.Build(context),
        ChildKind.DataJob => DataJob.Build(context),
        ChildKind.ConversionJob => ConversionJob.Build(context),
        ChildKind.Service => HeadlessService.Build(context),
        ChildKind.NetworkPolicy => JobNetworkPolicy.Build(context),
        _ => TrainerStatefulSet.Build(context),
    };

    /// <summary>The pod template of a child that has one.</summary>
    public static JsonObject Template(JsonObject child) => child["spec"]!["template"]!.AsObject();

    /// <summary>The container that counts.</summary>
    public static JsonObject Own(ChildKind kind, JsonObject child) =>
        Template(child)["spec"]!["containers"]!.AsArray().Single(c => (string?)c!["name"] == Training.Names.MainContainer(kind))!.AsObject();

    /// <summary>The value of a variable of a container; null when it hasn't it.</summary>
    public static string? Variable(JsonObject container, string name) =>
        (string?)container["env"]!.AsArray().SingleOrDefault(v => (string?)v!["name"] == name)?["value"];

    public static JsonElement Element(string yaml) => Crds.Yaml.KubectlYaml.ReadSingle(yaml).Root;
}
