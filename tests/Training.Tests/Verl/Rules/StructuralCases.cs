using GrpoOperator.Crds;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Tests.Verl.Rules;

/// <summary>Structural rules, each at its boundaries.</summary>
internal static class StructuralCases
{
    private const string Megatron = "qwen3-30b-a3b";
    private const string Mbridge = "qwen3-30b-a3b-mbridge";
    private const string Fsdp = "minimal";
    private const string Trained = "actor_rollout_ref.actor";

    public static IEnumerable<RuleCase> All => [.. Required, .. Texts, .. Paths];

    private static RuleCase[] Required =>
    [
        new(RuleNames.VerlVersionForm, Fsdp, "verlVersion: 0.7.1", "verlVersion: latest", "'latest'"),
        new(RuleNames.DistCheckpointPathRequired, Megatron, "{}", "model: {distCheckpointPath: null}", "model.distCheckpointPath"),
        new(RuleNames.DistCheckpointPathRequired, Mbridge, "{}", "model: {weights: null}", "MBridge"),
        new(RuleNames.TrainBatchSizePositive, Fsdp, "data: {trainBatchSize: 1}", "data: {trainBatchSize: 0}", "is 0"),
        new(RuleNames.TrainBatchSizePositive, Fsdp, "data: {trainBatchSize: 0}\nlaunch: {module: my.main}", "data: {trainBatchSize: 0}\nlaunch: {module: verl.trainer.main_ppo}", "launch.module"),
        new(RuleNames.MicroBatchSizeRequired, Fsdp, "actor: {ppoMicroBatchSizePerNpu: null, useDynamicBatchSize: true}", "actor: {ppoMicroBatchSizePerNpu: null}", "ppoMicroBatchSizePerNpu"),
        new(RuleNames.MicroBatchSizeRequired, Fsdp, $"actor: {{ppoMicroBatchSizePerNpu: null}}\noverrides: [{Trained}.ppo_micro_batch_size_per_gpu=1]", "actor: {ppoMicroBatchSizePerNpu: null, useDynamicBatchSize: false}", "useDynamicBatchSize"),
        new(RuleNames.LengthRequired, Fsdp, "trainer: {totalSteps: null, totalEpochs: 1}", "trainer: {totalSteps: null}", "totalEpochs"),
        new(RuleNames.LengthRequired, Fsdp, "trainer: {totalSteps: null}\noverrides: [trainer.total_epochs=1]", "trainer: {totalSteps: null}\noverrides: [x.y=1]", "totalSteps"),
        new(RuleNames.CheckpointDirRequired, Fsdp, "trainer: {saveFrequency: -1}", "trainer: {saveFrequency: 1}", "(1)"),
        new(RuleNames.CheckpointDirRequired, Fsdp, "trainer: {saveFrequency: 1, checkpointDir: /data/c}", "trainer: {saveFrequency: 20}", "(20)"),
        new(RuleNames.CustomAccelerator, Fsdp, "workers: {accelerator: custom, resourceName: a/b, npusPerNode: 3}", "workers: {accelerator: custom, resourceName: a/b}", "npusPerNode"),
        new(RuleNames.CustomAccelerator, Fsdp, "workers: {accelerator: hami-a3}", "workers: {accelerator: custom, npusPerNode: 3}", "resourceName"),
        new(RuleNames.TrainerShape, Fsdp, "trainer: {nodes: 1}", "trainer: {nodes: 2}", "2 is more than workers.nodes 1"),
        new(RuleNames.TrainerShape, Fsdp, "trainer: {npusPerNode: 16}", "trainer: {npusPerNode: 17}", "17 is more than the 16"),
        new(RuleNames.BackoffOrder, Fsdp, "failurePolicy: {backoff: {initialSeconds: 10, maxSeconds: 10}}", "failurePolicy: {backoff: {initialSeconds: 10, maxSeconds: 9}}", "9"),
        new(RuleNames.FailureRulePattern, Fsdp, "failurePolicy: {rules: [{name: r, messagePattern: 'a+b', action: Fail}]}", "failurePolicy: {rules: [{name: r, messagePattern: '(?=a)b', action: Fail}]}", "'r'"),
        new(RuleNames.FailureRulePattern, Fsdp, "failurePolicy: {rules: [{name: r, messagePattern: 'a', action: Fail}]}", "failurePolicy: {rules: [{name: r, messagePattern: '(', action: Fail}]}", "'('"),
        new(RuleNames.IgnoredRule, Fsdp, "validation: {ignore: [RayCpus, SomethingNew]}", "validation: {ignore: [OwnedKey]}", "OwnedKey"),
        new(RuleNames.UnknownRule, Fsdp, "validation: {ignore: [RayCpus, AttentionHeads, ModelPathNotFound, HydraComposition]}", "validation: {ignore: [RayCpu]}", "did you mean RayCpus?", FindingSeverity.Warning),
        new(RuleNames.UnknownRule, Fsdp, "validation: {ignore: [TokenizerMissing]}", "validation: {ignore: [Everything]}", "names Everything, and there is no such rule", FindingSeverity.Warning),
        new(RuleNames.StrategyForeignField, Megatron, "{}", "actor: {parallelism: {ulysses: 1}}", "actor.parallelism.ulysses means nothing with strategy Megatron"),
        new(RuleNames.StrategyForeignField, Fsdp, "actor: {parallelism: {ulysses: 1}}", "actor: {parallelism: {tensor: 1}}", "actor.parallelism.tensor"),
        new(RuleNames.StrategyForeignField, Fsdp, "actor: {offload: {parameters: true}}", "actor: {offload: {gradients: true}}", "actor.offload.gradients"),
        new(RuleNames.StrategyForeignField, Fsdp, "reference: {offloadParameters: true}", "strategy: Custom\nreference: {offloadParameters: true}", "reference.offloadParameters"),
        new(RuleNames.StrategyForeignField, Fsdp, "strategy: FSDP2", "strategy: FSDP2\nmodel: {weights: MBridge}", "model.weights means nothing with strategy FSDP2"),
        new(RuleNames.StrategyForeignField, Fsdp, "strategy: Custom", "strategy: Custom\nactor: {transformerConfig: {a: 1}}", "overrides"),
        new(RuleNames.WeightsContradiction, Megatron, $"overrides: [{Trained}.megatron.use_mbridge=True]", $"overrides: [{Trained}.megatron.use_dist_checkpointing=False]", "model.weights: MBridge"),
        new(RuleNames.WeightsContradiction, Mbridge, $"overrides: [{Trained}.megatron.use_dist_checkpointing=false]", "overrides: ['++actor_rollout_ref.ref.megatron.use_dist_checkpointing=true']", "DistCheckpoint"),
        new(RuleNames.WeightsContradiction, Mbridge, $"overrides: [{Trained}.megatron.use_mbridge=True]", $"overrides: ['{Trained}.megatron={{use_mbridge: False}}']", "DistCheckpoint"),
    ];

    private static RuleCase[] Texts =>
    [
        new(RuleNames.LineBreak, Fsdp, "overrides: ['a.b=x y']", "overrides: [\"a.b='x\\ny'\"]", "overrides[0]"),
        new(RuleNames.LineBreak, Fsdp, "launch: {setup: \"a\\nb\"}", "launch: {args: [\"a\\rb\"]}", "launch.args[0]"),
        new(RuleNames.LineBreak, Fsdp, "trainer: {projectName: a}", "trainer: {projectName: \"a\\0b\"}", "trainer.projectName"),
        new(RuleNames.UnwritableText, Fsdp, "trainer: {projectName: '$x {y}'}", "trainer: {projectName: '${x}'}", "'${x}'"),
        new(RuleNames.UnwritableText, Fsdp, "trainer: {experimentName: '??'}", "trainer: {experimentName: '???'}", "trainer.experimentName"),
        new(RuleNames.UnwritableText, Megatron, "actor: {transformerConfig: {a: ['$']}}", "actor: {transformerConfig: {a: ['${']}}", "transformerConfig.a"),
        new(RuleNames.DecimalForm, Fsdp, "actor: {learningRate: '1e-6'}", "actor: {learningRate: '1e-6 '}", "'1e-6 '"),
        new(RuleNames.DecimalForm, Fsdp, "actor: {learningRate: '0'}", "actor: {learningRate: '-1e-6'}", "below 0"),
        new(RuleNames.DecimalForm, Fsdp, "actor: {entropyCoefficient: '-0.1'}", "actor: {entropyCoefficient: '1_0'}", "entropyCoefficient"),
        new(RuleNames.DecimalForm, Fsdp, "actor: {klLossCoefficient: '.5'}", "actor: {klLossCoefficient: 'inf'}", "klLossCoefficient"),
        new(RuleNames.DecimalForm, Fsdp, "actor: {klLossCoefficient: '1.'}", "actor: {klLossCoefficient: '+1'}", "'+1'"),
        new(RuleNames.DecimalForm, Fsdp, "rollout: {npuMemoryUtilization: '1.0'}", "rollout: {npuMemoryUtilization: '1.01'}", "1.01"),
        new(RuleNames.DecimalForm, Fsdp, "rollout: {npuMemoryUtilization: '0.01'}", "rollout: {npuMemoryUtilization: '0'}", "0 is not above 0"),
        new(RuleNames.QuantityForm, Fsdp, "workers: {sharedMemory: 1Gi}", "workers: {sharedMemory: 1GB}", "1GB"),
        new(RuleNames.QuantityForm, Fsdp, "ray: {objectStoreMemory: '1'}", "ray: {objectStoreMemory: '0'}", "ray.objectStoreMemory"),
        new(RuleNames.QuantityForm, Fsdp, "workers: {resources: {limits: {cpu: 64}}}", "workers: {resources: {limits: {cpu: many}}}", "workers.resources.limits.cpu 'many'"),
        new(RuleNames.QuantityForm, Fsdp, "conversion: {resources: {requests: {memory: 1e3}}}", "conversion: {resources: {requests: {memory: -1}}}", "conversion.resources.requests.memory"),
        new(RuleNames.TransformerConfigEntry, Megatron, "actor: {transformerConfig: {a_1: [1]}}", "actor: {transformerConfig: {1a: 1}}", "'1a'"),
        new(RuleNames.TransformerConfigEntry, Megatron, "actor: {transformerConfig: {a: x}}", "actor: {transformerConfig: {'a=b': x}}", "'a=b'"),
        new(RuleNames.TransformerConfigEntry, Megatron, "actor: {transformerConfig: {a: []}}", "actor: {transformerConfig: {a: {b: 1}}}", "transformerConfig.a"),
    ];

    private static RuleCase[] Paths =>
    [
        new(RuleNames.PathForm, Fsdp, "data: {trainFiles: [/data/x.parquet]}", "data: {trainFiles: [x.parquet]}", "data.trainFiles[0] 'x.parquet' is not absolute"),
        new(RuleNames.PathForm, Fsdp, "trainer: {checkpointDir: /data/c}", "trainer: {checkpointDir: /data/../etc}", "'..'"),
        new(RuleNames.PathForm, Fsdp, "data: {valFiles: [/data/x.json]}", "data: {valFiles: ['/data/*.json']}", "glob"),
        new(RuleNames.PathForm, Fsdp, "model: {path: Qwen/Qwen3-8B}", "model: {path: ~/Qwen3-8B}", "hub id"),
        new(RuleNames.PathForm, Fsdp, "model: {path: 's3://bucket/Qwen3-8B'}", "model: {path: '$HOME/Qwen3-8B'}", "$HOME"),
        new(RuleNames.MountedPath, Megatron, "model: {distCheckpointPath: /weight/x}", "model: {distCheckpointPath: /weights/x}", "lies on no volume"),
        new(RuleNames.MountedPath, Megatron, "trainer: {checkpointDir: /data/c}", "trainer: {checkpointDir: /data/}", "root of a mount"),
        new(RuleNames.MountedPath, Megatron, "data: {prepare: {outputDir: /data/p}}", "data: {prepare: {outputDir: /p}}", "data.prepare.outputDir"),
        new(RuleNames.MountedPath, Megatron, "trainer: {checkpointDir: /x/c}\nvolumeMounts: []", "trainer: {checkpointDir: /data/c}\nvolumeMounts: [{name: data, mountPath: /data, readOnly: true}, {name: weights, mountPath: /weight}]", "read-only"),
        new(RuleNames.MountedPath, Megatron, "volumeMounts: [{name: data, mountPath: /data}, {name: weights, mountPath: /weight, readOnly: true}]\nconversion: {policy: Never}", "volumeMounts: [{name: data, mountPath: /data}, {name: weights, mountPath: /weight, readOnly: true}]", "read-only"),
        new(RuleNames.MountedPath, Megatron, "trainer: {checkpointDir: /data/c/d}\nvolumeMounts: [{name: weights, mountPath: /weight}, {name: data, mountPath: /data}, {name: data, mountPath: /data/c}]", "trainer: {checkpointDir: /data/c}\nvolumeMounts: [{name: weights, mountPath: /weight}, {name: data, mountPath: /data}, {name: data, mountPath: /data/c}]", "root of a mount"),
        new(RuleNames.UncoveredPath, Fsdp, "reward: {path: /data/r.py}", "reward: {path: /dat/r.py}", "reward.path '/dat/r.py' lies on no volume of volumeMounts", FindingSeverity.Warning),
        new(RuleNames.UncoveredPath, Fsdp, "model: {path: org/model}\nvolumeMounts: null\nvolumes: null\nworkers: {template: {spec: {}}}", "volumeMounts: null\nvolumes: null", "model.path '/data/Qwen3-1.7B'", FindingSeverity.Warning),
        new(RuleNames.UnsharedVolume, Fsdp, "volumes: [{name: data, nfs: {server: s, path: /}}]", "volumes: [{name: data, emptyDir: {}}]", "model.path '/data/Qwen3-1.7B' lies on volume 'data' (emptyDir), of which every pod has its own", FindingSeverity.Warning),
        new(RuleNames.UnsharedVolume, Fsdp, "{}", "volumes: [{name: data, ephemeral: {volumeClaimTemplate: {}}}]", "(ephemeral)", FindingSeverity.Warning),
        new(RuleNames.UnknownVolume, Fsdp, "volumeMounts: [{name: data, mountPath: /x}]", "volumeMounts: [{name: dat, mountPath: /data}]", "'dat'"),
        new(RuleNames.ResumePath, Fsdp, "trainer: {resume: {mode: FromPath, path: /c/global_step_0}}", "trainer: {resume: {mode: FromPath}}", "FromPath"),
        new(RuleNames.ResumePath, Fsdp, "trainer: {resume: {mode: Auto}}", "trainer: {resume: {mode: Auto, path: /c/global_step_1}}", "refused"),
        new(RuleNames.ResumePath, Fsdp, "trainer: {resume: {mode: FromPath, path: /c/global_step_12}}", "trainer: {resume: {mode: FromPath, path: /c/global_step_12/actor}}", "global_step_<n>"),
    ];
}
