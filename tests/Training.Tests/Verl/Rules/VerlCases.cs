using GrpoOperator.Crds;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Tests.Verl.Rules;

/// <summary>Rules of verl, Megatron and Ascend, each at its boundaries.</summary>
internal static class VerlCases
{
    // 2 nodes × 16 NPUs, 4 × 2 × 2 per copy: two copies; batch 16 × 8 samples, mini batch 16, micro batch 8; verl 0.7.1.
    private const string Megatron = "qwen3-30b-a3b";

    // 1 node × 16 NPUs: sixteen copies; batch 16 × 8 samples, mini batch 16, micro batch 4; no version.
    private const string Fsdp = "minimal";
    private const string Trained = "actor_rollout_ref.actor";
    private const string Rollout = "actor_rollout_ref.rollout";

    public static IEnumerable<RuleCase> All => [.. Ascend, .. Keys, .. Parallel, .. Batches];

    private static RuleCase[] Ascend =>
    [
        new(RuleNames.AcceleratorCount, Fsdp, "workers: {npusPerNode: 1}", "workers: {npusPerNode: 3}", "1, 2, 4, 6, 8"),
        new(RuleNames.AcceleratorCount, Megatron, "workers: {npusPerNode: 2}", "workers: {npusPerNode: 1}", "2 node(s)"),
        new(RuleNames.AcceleratorCount, Fsdp, "workers: {accelerator: atlas-800t-a2, npusPerNode: 8}", "workers: {accelerator: atlas-800t-a2, npusPerNode: 9}", "atlas-800t-a2"),
        new(RuleNames.AcceleratorCount, Fsdp, "workers: {accelerator: atlas-900-a3-superpod}", "workers: {accelerator: atlas-900-a3-superpod, npusPerNode: 8}", "one of 16"),
        new(RuleNames.AcceleratorCount, Fsdp, "workers: {accelerator: custom, resourceName: a/b, npusPerNode: 5}", "workers: {accelerator: hami-a3, npusPerNode: 5}", "hami-a3"),
        new(RuleNames.A2Memory, Megatron, "workers: {accelerator: atlas-800t-a2, nodes: 17, npusPerNode: 1}", "workers: {accelerator: atlas-800t-a2}", "Qwen3-30B-A3B has about 30 billion parameters, and the job 16 NPUs of atlas-800t-a2", FindingSeverity.Warning),
        new(RuleNames.A2Memory, Megatron, "workers: {accelerator: atlas-800t-a2}\nmodel: {path: /weight/qwen-29.9b-x}", "workers: {accelerator: hami-a2}\nmodel: {path: org/30B}", "30B has", FindingSeverity.Warning),
        new(RuleNames.A2Memory, Megatron, "{}", "workers: {accelerator: atlas-800t-a2}\nmodel: {path: /weight/Qwen3_235b/}", "about 235 billion", FindingSeverity.Warning),
        new(RuleNames.SuperPodBlock, Megatron, "workers: {accelerator: atlas-900-a3-superpod, template: {metadata: {annotations: {sp-block: '16'}}}}", "workers: {accelerator: atlas-900-a3-superpod, template: {metadata: {annotations: {sp-block: '24'}}}}", "32 would do"),
        new(RuleNames.SuperPodBlock, Megatron, "workers: {accelerator: atlas-900-a3-superpod}", "workers: {accelerator: atlas-900-a3-superpod, template: {metadata: {annotations: {sp-block: '8'}}}}", "sp-block 8"),
        new(RuleNames.UnsupportedVerlVersion, Fsdp, "verlVersion: 0.6.0", "verlVersion: 0.5.9", "0.5.9 is older than 0.6.0"),
        new(RuleNames.UnsupportedVerlVersion, Fsdp, "verlVersion: 0.10.9", "verlVersion: 0.11.0.dev0", "newer", FindingSeverity.Warning),
        new(RuleNames.RayCpus, Fsdp, "ray: {cpusPerNode: 52}", "ray: {cpusPerNode: 51}", "ray.cpusPerNode is 51, below 3 × 16 NPUs + 4 = 52"),
        new(RuleNames.RayCpus, Fsdp, "workers: {resources: {requests: {cpu: '1'}, limits: {cpu: 52000m}}}", "workers: {resources: {requests: {cpu: '64'}, limits: {cpu: 51999m}}}", "workers.resources is 51"),
        new(RuleNames.RayCpus, Fsdp, "verlVersion: 0.6.1\nray: {cpusPerNode: 51}", "verlVersion: 0.7.0\nray: {cpusPerNode: 51}", "for ever"),
        new(RuleNames.RayCpus, Fsdp, "launch: {command: [x]}\nray: {cpusPerNode: 52}", "launch: {command: [x]}\nray: {cpusPerNode: 51}", "51", FindingSeverity.Warning),
    ];

    private static RuleCase[] Keys =>
    [
        new(RuleNames.OverrideValue, Fsdp, "overrides: [\"+a.b='x,y'\"]", "overrides: ['+a.b=x,y']", "sweep"),
        new(RuleNames.OverrideValue, Fsdp, "launch: {module: my.main}\noverrides: ['+a.b=x']", "launch: {module: my.main}\noverrides: ['+a.b=x#']", "'#'", FindingSeverity.Warning),
        new(RuleNames.RepeatedAppend, Fsdp, "overrides: ['+a.b=1', '++a.b=2']", "overrides: ['+a.b=1', '+a.b=2']", "++a.b"),
        new(RuleNames.RepeatedAppend, Fsdp, "overrides: ['+a.b=1', '~a.b', '+a.b=2']", "overrides: ['++a.b=1', '+a.b=2']", "+a.b"),
        new(RuleNames.RepeatedAppend, Fsdp, "overrides: ['+a.b=null', '+a.b=2']", "overrides: ['+a.b=x', '+a.b=2']", "+a.b"),
        new(RuleNames.UnknownKey, Megatron, $"overrides: [{Trained}.ppo_mini_batch_size=16]", $"overrides: [{Trained}.ppo_mini_batchsize=16]", $"did you mean {Trained}.ppo_mini_batch_size?"),
        new(RuleNames.UnknownKey, Megatron, "overrides: ['+x.y=1']", "overrides: ['x.y=1']", "written +x.y"),
        new(RuleNames.UnknownKey, Megatron, "overrides: [data.sampler.class_path=x]", "verlVersion: 0.8.0\noverrides: [data.sampler.class_path=x]", "(0.6.1, 0.7.0, 0.7.1 has)"),
        new(RuleNames.UnknownKey, Fsdp, "overrides: [trainer.use_v1=False]", "verlVersion: 0.8.0\noverrides: [trainer.use_v1=False]", "verl 0.8.0 has no key trainer.use_v1"),
        new(RuleNames.UnknownKey, Fsdp, $"overrides: [{Trained}.grad_clip=1]", $"overrides: [{Trained}.megatron.seed=1]", "no supported verl has the key"),
        new(RuleNames.UnknownKey, Fsdp, "overrides: ['~data.seed']", "overrides: ['~data.sed']", "data.seed"),
        new(RuleNames.UnknownKey, Fsdp, "launch: {module: recipe.dapo.main_dapo}\noverrides: ['+x.y=1']", "launch: {module: recipe.dapo.main_dapo}\noverrides: ['x.y=1']", "x.y", FindingSeverity.Warning),
        new(RuleNames.UnknownKey, Fsdp, "strategy: Custom\noverrides: ['+x.y=1']", "strategy: Custom\noverrides: ['x.y=1']", "x.y", FindingSeverity.Warning),
        new(RuleNames.UnknownKey, Fsdp, "launch: {configName: mine}\noverrides: ['+x.y=1']", "launch: {configName: mine}\noverrides: ['x.y=1']", "x.y", FindingSeverity.Warning),
        new(RuleNames.UnknownKey, Fsdp, "launch: {configPath: config, configName: ppo_trainer.yaml}", "launch: {configPath: config, configName: ppo_trainer.yaml}\noverrides: ['x.y=1']", "x.y"),
        new(RuleNames.UnknownKey, Fsdp, "verlVersion: 0.7.1\noverrides: [model_engine=veomni, '+x.y=1']", "verlVersion: 0.7.1\noverrides: [model_engine=veomni, 'x.y=1']", "x.y", FindingSeverity.Warning),
        new(RuleNames.UnknownKey, Fsdp, "verlVersion: 0.8.0\noverrides: [model_engine=megatron]", "verlVersion: 0.7.1\noverrides: [model_engine=megatron]", "no option model_engine=megatron (0.8.0, 0.9.0, 0.10.0.dev0 has)"),
        new(RuleNames.AppendedKey, Megatron, "overrides: [trainer.balance_batch=True]", "overrides: ['+trainer.balance_batch=True']", "without +"),
        new(RuleNames.AppendedKey, Megatron, "overrides: ['+trainer.critic_warmupx=0']", "overrides: ['+trainer.total_epochs=3']", "trainer.total_epochs"),
        new(RuleNames.AppendedKey, Fsdp, "overrides: ['+algorithm.filter_groups.enable=True']", "verlVersion: 0.9.0\noverrides: ['+algorithm.filter_groups.enable=True']", "verl 0.9.0"),
    ];

    private static RuleCase[] Parallel =>
    [
        new(RuleNames.ModelParallelSize, Megatron, "actor: {parallelism: {tensor: 8}}", "actor: {parallelism: {tensor: 16}}", "actor.parallelism.tensor 16 × actor.parallelism.pipeline 2 × actor.parallelism.context 2 = 64; 32 NPUs"),
        new(RuleNames.ModelParallelSize, Megatron, "workers: {nodes: 1}", "trainer: {npusPerNode: 12}", "workers.nodes 2 × trainer.npusPerNode 12 = 24"),
        new(RuleNames.ModelParallelSize, Megatron, $"overrides: [{Trained}.megatron.context_parallel_size=1]", $"overrides: [{Trained}.megatron.context_parallel_size=3]", $"{Trained}.megatron.context_parallel_size 3"),
        new(RuleNames.ModelParallelSize, Fsdp, "actor: {parallelism: {ulysses: 16}}", "actor: {parallelism: {ulysses: 3}}", "2 or 4"),
        new(RuleNames.ExpertParallelSize, Megatron, "actor: {parallelism: {expert: 16}}", "actor: {parallelism: {expert: 32}}", "actor.parallelism.expert 32"),
        new(RuleNames.ExpertParallelSize, Megatron, "actor: {parallelism: {expertTensor: 2}}", "actor: {parallelism: {expertTensor: 4}}", "= 64"),
        new(RuleNames.ExpertParallelSize, Megatron, "actor: {parallelism: {expertTensor: null, expert: 4}}", "actor: {parallelism: {expertTensor: null}}", "actor.parallelism.tensor 4 × actor.parallelism.expert 8"),
        new(RuleNames.RolloutParallelSize, Megatron, "rollout: {parallelism: {tensor: 32}}", "rollout: {parallelism: {tensor: 64}}", "rollout.parallelism.tensor 64"),
        new(RuleNames.RolloutParallelSize, Megatron, "rollout: {parallelism: {tensor: 4, data: 8}}", "rollout: {parallelism: {tensor: 4, data: 3}}", "= 12"),
        new(RuleNames.RolloutParallelSize, Megatron, $"overrides: [{Rollout}.nnodes=3, {Rollout}.n_gpus_per_node=4]\nrollout: {{parallelism: {{tensor: 3}}}}", $"overrides: [{Rollout}.nnodes=3, {Rollout}.n_gpus_per_node=4]\nrollout: {{parallelism: {{tensor: 8}}}}", $"{Rollout}.nnodes 3"),
        new(RuleNames.RolloutReplicaNodes, Megatron, "rollout: {parallelism: {tensor: 32}}", "rollout: {parallelism: {tensor: 24}}", "16 or 32"),
        new(RuleNames.RolloutReplicaNodes, Megatron, "rollout: {parallelism: {tensor: 16}}", "rollout: {parallelism: {tensor: 17}}", "workers.npusPerNode 16"),
    ];

    private static RuleCase[] Batches =>
    [
        new(RuleNames.RealTrainBatchSize, Megatron, "actor: {ppoMicroBatchSizePerNpu: 64}", "actor: {ppoMicroBatchSizePerNpu: 128}", "data.trainBatchSize 16 × rollout.samplesPerPrompt 8 = 128 is not divisible by the least batch data parallel size 2 × actor.ppoMicroBatchSizePerNpu 128 = 256"),
        new(RuleNames.RealTrainBatchSize, Fsdp, "data: {trainBatchSize: 2}", "data: {trainBatchSize: 3}", "= 24 is not divisible by NPUs workers.nodes 1 × workers.npusPerNode 16 = 16; 16 or 32 would be"),
        new(RuleNames.RealTrainBatchSize, Fsdp, "data: {trainBatchSize: 3}\nactor: {useDynamicBatchSize: true}", "data: {trainBatchSize: 3}\nactor: {useDynamicBatchSize: false}", "= 24"),
        new(RuleNames.TrainBatchBelowMiniBatch, Fsdp, "data: {trainBatchSize: 16}", "data: {trainBatchSize: 8}", "data.trainBatchSize 8 is below actor.ppoMiniBatchSize 16"),
        new(RuleNames.MiniBatchDivides, Fsdp, "data: {trainBatchSize: 48}", "data: {trainBatchSize: 40}", "32 or 48 would be, or actor.ppoMiniBatchSize 10 or 20"),
        new(RuleNames.MiniBatchDivides, Fsdp, "data: {trainBatchSize: 48}\nactor: {useDynamicBatchSize: true}", "data: {trainBatchSize: 40}\nactor: {useDynamicBatchSize: true}", "40"),
        new(RuleNames.MiniBatchShards, Fsdp, "actor: {ppoMiniBatchSize: 2, ppoMicroBatchSizePerNpu: 1}", "actor: {ppoMiniBatchSize: 1, ppoMicroBatchSizePerNpu: 1}", "= 8 is not divisible by data parallel size 16"),
        new(RuleNames.MiniBatchShards, Megatron, "rollout: {samplesPerPrompt: 2}\nactor: {ppoMiniBatchSize: 1}", "rollout: {samplesPerPrompt: 1}\nactor: {ppoMiniBatchSize: 1}", "= 1", FindingSeverity.Warning),
        new(RuleNames.MiniBatchShards, Megatron, "verlVersion: 0.8.0\nrollout: {samplesPerPrompt: 2}\nactor: {ppoMiniBatchSize: 1}", "verlVersion: 0.8.0\nrollout: {samplesPerPrompt: 1}\nactor: {ppoMiniBatchSize: 1}", "= 1"),
        new(RuleNames.MicroBatchDivides, Fsdp, "actor: {ppoMicroBatchSizePerNpu: 8}", "actor: {ppoMicroBatchSizePerNpu: 16}", "8 is not divisible by actor.ppoMicroBatchSizePerNpu 16; 8 would do"),
        new(RuleNames.MicroBatchDivides, Megatron, "actor: {ppoMicroBatchSizePerNpu: 16}", "actor: {ppoMicroBatchSizePerNpu: 24}", "= 64", FindingSeverity.Warning),
        new(RuleNames.MicroBatchDivides, Fsdp, "actor: {ppoMicroBatchSizePerNpu: 16, useDynamicBatchSize: true}", "actor: {ppoMicroBatchSizePerNpu: 3}", "2 or 4 would do"),
        new(RuleNames.MicroBatchWithinMiniBatch, Megatron, "actor: {ppoMicroBatchSizePerNpu: 16}", "actor: {ppoMicroBatchSizePerNpu: 32}", "actor.ppoMiniBatchSize 16 is not divisible by actor.ppoMicroBatchSizePerNpu 32; 16 would do"),
        new(RuleNames.MicroBatchWithinMiniBatch, Fsdp, "actor: {ppoMicroBatchSizePerNpu: 4}", "actor: {ppoMicroBatchSizePerNpu: 5}", "4 or 8", FindingSeverity.Warning),
        new(RuleNames.AgentWorkers, Megatron, "rollout: {samplesPerPrompt: 1}\ndata: {trainBatchSize: 16}", "rollout: {samplesPerPrompt: 1}\ndata: {trainBatchSize: 12}", $"{Rollout}.agent.num_workers (verl's default) 8; 8 or 16 would be"),
        new(RuleNames.AgentWorkers, Megatron, $"rollout: {{samplesPerPrompt: 1}}\ndata: {{trainBatchSize: 12}}\noverrides: [{Rollout}.agent.num_workers=4]", $"overrides: [{Rollout}.agent.num_workers=3]", "num_workers 3"),
        new(RuleNames.AgentWorkers, Megatron, "verlVersion: 0.6.1\nrollout: {samplesPerPrompt: 1}\ndata: {trainBatchSize: 12}", "verlVersion: 0.7.0\nrollout: {samplesPerPrompt: 1}\ndata: {trainBatchSize: 12}", "12"),
        new(RuleNames.SequenceShards, Fsdp, "data: {trainBatchSize: 2}", "data: {trainBatchSize: 1}", "= 8 is not divisible by data parallel size 16 ÷ 1 = 16"),
        new(RuleNames.SequenceShards, Fsdp, "data: {trainBatchSize: 1}\nactor: {parallelism: {ulysses: 2}}", "data: {trainBatchSize: 1}\nactor: {parallelism: {ulysses: 1}}", "= 8"),
        new(RuleNames.SingleSampleGroup, Fsdp, "rollout: {samplesPerPrompt: 2}", "rollout: {samplesPerPrompt: 1}", "rollout.samplesPerPrompt 1", FindingSeverity.Warning),
    ];
}
