using GrpoOperator.Crds;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Tests.Verl.Rules;

/// <summary>
/// The sizes of launches that verl and MindSpeed publish for Ascend: whatever they train, no rule may refuse them. Numbers
/// only; what they say otherwise is in other tests.
/// </summary>
public sealed class PublishedShapesTests
{
    private const string Megatron = "qwen3-30b-a3b";
    private const string Fsdp = "minimal";

    public static TheoryData<string, string, string> Shapes() => new()
    {
        {
            "Qwen3-0.6B, FSDP, two NPUs", Fsdp,
            """
            workers: {npusPerNode: 2}
            data: {trainBatchSize: 128, maxPromptLength: 512, maxResponseLength: 128}
            actor: {ppoMiniBatchSize: 64, ppoMicroBatchSizePerNpu: 16}
            rollout: {samplesPerPrompt: 5, logProbMicroBatchSizePerNpu: 32, parallelism: {tensor: 2}}
            """
        },
        {
            "Qwen3-4B, FSDP, dynamic batches, one A3 node", Fsdp,
            """
            data: {trainBatchSize: 512, maxPromptLength: 1024, maxResponseLength: 1024}
            actor: {ppoMiniBatchSize: 256, ppoMicroBatchSizePerNpu: null, useDynamicBatchSize: true, maxTokensPerNpu: 3000}
            reference: {logProbMicroBatchSizePerNpu: null, logProbUseDynamicBatchSize: true, logProbMaxTokensPerNpu: 8192}
            rollout: {samplesPerPrompt: 5, logProbMicroBatchSizePerNpu: null, logProbUseDynamicBatchSize: true, logProbMaxTokensPerNpu: 4096, parallelism: {tensor: 2}}
            """
        },
        {
            "Qwen3-8B, FSDP, a mini batch of 64 and a micro batch of 10", Fsdp,
            """
            workers: {accelerator: atlas-800t-a2}
            data: {trainBatchSize: 256}
            actor: {ppoMiniBatchSize: 64, ppoMicroBatchSizePerNpu: 10}
            rollout: {samplesPerPrompt: 5, logProbMicroBatchSizePerNpu: 32, parallelism: {tensor: 2}}
            overrides: [++actor_rollout_ref.actor.entropy_from_logits_with_chunking=True, actor_rollout_ref.actor.fsdp_config.forward_prefetch=True]
            """
        },
        {
            "Qwen3-8B, FSDP, SGLang, Ulysses, 32k tokens", Fsdp,
            """
            workers: {accelerator: atlas-800t-a2}
            data: {trainBatchSize: 16, maxPromptLength: 2048, maxResponseLength: 32768}
            actor: {ppoMiniBatchSize: 16, ppoMicroBatchSizePerNpu: 1, parallelism: {ulysses: 4}}
            reference: {parallelism: {ulysses: 4}}
            rollout: {engine: sglang, samplesPerPrompt: 5, parallelism: {tensor: 4}}
            overrides: ['+actor_rollout_ref.rollout.engine_kwargs.sglang.attention_backend="ascend"', actor_rollout_ref.nccl_timeout=3600]
            """
        },
        {
            "Qwen2.5-32B, FSDP, SGLang, two A2 nodes, its configuration by name", Fsdp,
            """
            workers: {nodes: 2, accelerator: atlas-800t-a2}
            launch: {configPath: config, configName: ppo_trainer.yaml}
            data: {trainBatchSize: 32, maxPromptLength: 2048, maxResponseLength: 8192}
            actor: {ppoMiniBatchSize: 32, ppoMicroBatchSizePerNpu: 1}
            rollout: {engine: sglang, samplesPerPrompt: 8, parallelism: {tensor: 4, data: 1, expert: 1}}
            reward: {path: recipe/r1_ascend/deepscaler.py, functionName: compute_score}
            overrides: [actor_rollout_ref.rollout.val_kwargs.do_sample=True, actor_rollout_ref.rollout.top_k=-1]
            """
        },
        {
            "Qwen3-32B, FSDP, Ulysses, two A3 nodes", Fsdp,
            """
            workers: {nodes: 2}
            data: {trainBatchSize: 1024, maxPromptLength: 2048, maxResponseLength: 2048}
            actor: {ppoMiniBatchSize: 64, ppoMicroBatchSizePerNpu: 8, parallelism: {ulysses: 4}}
            rollout: {samplesPerPrompt: 4, logProbMicroBatchSizePerNpu: 8, parallelism: {tensor: 4}}
            overrides: [+actor_rollout_ref.actor.fsdp_config.mixed_precision.param_dtype=bf16]
            """
        },
        {
            "Qwen3-VL-30B, FSDP2, expert parallel rollout", Fsdp,
            """
            strategy: FSDP2
            data: {trainBatchSize: 64, maxPromptLength: 1024, maxResponseLength: 2048}
            actor: {ppoMiniBatchSize: 32, ppoMicroBatchSizePerNpu: 1, parallelism: {ulysses: 4}}
            rollout: {samplesPerPrompt: 5, parallelism: {tensor: 8, expert: 8}}
            overrides: [actor_rollout_ref.ref.fsdp_config.fsdp_size=16, actor_rollout_ref.ref.strategy=fsdp2, critic.strategy=fsdp2]
            """
        },
        {
            "Qwen2.5-0.5B, Megatron, eight NPUs", Megatron,
            """
            workers: {nodes: 1, npusPerNode: 8}
            data: {trainBatchSize: 16}
            actor:
              ppoMiniBatchSize: 8
              ppoMicroBatchSizePerNpu: 1
              parallelism: {tensor: 2, pipeline: 2, context: null, expert: 1, expertTensor: null}
              transformerConfig: {recompute_method: null, recompute_granularity: null, recompute_num_layers: null}
            reference: {parallelism: {tensor: 2, pipeline: 2, expert: 1, expertTensor: null}}
            rollout: {samplesPerPrompt: 2, parallelism: {tensor: 2}}
            overrides: [actor_rollout_ref.actor.strategy=megatron, trainer.logger=console]
            """
        },
        {
            "Qwen3-235B, Megatron, eight A2 nodes, one rollout replica over all", Megatron,
            """
            workers: {nodes: 8, accelerator: atlas-800t-a2}
            data: {trainBatchSize: 64, maxPromptLength: 1024, maxResponseLength: 1024}
            actor:
              ppoMiniBatchSize: 64
              ppoMicroBatchSizePerNpu: 1
              useDynamicBatchSize: true
              maxTokensPerNpu: 2048
              parallelism: {tensor: 4, pipeline: 16, context: 1, expert: 4, expertTensor: 1}
              transformerConfig: {num_layers_in_first_pipeline_stage: 5, num_layers_in_last_pipeline_stage: 5}
            reference: {parallelism: {tensor: 4, pipeline: 16, context: 1, expert: 4, expertTensor: 1}, logProbUseDynamicBatchSize: true}
            rollout: {samplesPerPrompt: 8, logProbUseDynamicBatchSize: true, parallelism: {tensor: 64}}
            overrides: [+actor_rollout_ref.rollout.enable_expert_parallel=True, ++actor_rollout_ref.ref.megatron.override_transformer_config.use_flash_attn=True]
            """
        },
        {
            "one step off policy, six NPUs train and two generate", Megatron,
            """
            workers: {nodes: 1, npusPerNode: 8}
            trainer: {npusPerNode: 6}
            launch: {module: recipe.one_step_off_policy.main_ppo, configPath: config, configName: one_step_off_ppo_megatron_trainer.yaml}
            data: {trainBatchSize: 8}
            actor: {ppoMiniBatchSize: 4, ppoMicroBatchSizePerNpu: 2, parallelism: {tensor: 1, pipeline: 2, context: null, expert: null, expertTensor: null}}
            rollout: {samplesPerPrompt: 3, logProbMicroBatchSizePerNpu: 4, parallelism: {tensor: 2}}
            overrides: [rollout.nnodes=1, rollout.n_gpus_per_node=2, actor_rollout_ref.hybrid_engine=False]
            """
        },
        {
            "DAPO, Megatron, one A3 node", Megatron,
            """
            workers: {nodes: 1}
            launch: {module: recipe.dapo.main_dapo, configName: dapo_megatron_trainer}
            data: {trainBatchSize: 16, maxPromptLength: 512, maxResponseLength: 1024}
            actor:
              ppoMiniBatchSize: 16
              ppoMicroBatchSizePerNpu: 16
              useDynamicBatchSize: true
              maxTokensPerNpu: 1536
              parallelism: {tensor: 2, pipeline: 2, context: null, expert: 2, expertTensor: null}
            reference: {logProbUseDynamicBatchSize: true}
            rollout: {samplesPerPrompt: 8, logProbUseDynamicBatchSize: true, parallelism: {tensor: 2}}
            overrides: [data.gen_batch_size=16, algorithm.filter_groups.enable=False, reward_model.reward_manager=dapo]
            """
        },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void No_rule_refuses_what_is_published(string name, string sample, string patch)
    {
        Assert.NotEmpty(name);
        foreach (var version in new[] { "null", "0.7.0", "0.7.1", "0.8.0" })
        {
            var findings = SpecRules.Check(Samples.Spec(sample, $"verlVersion: {version}\n{patch}"), Samples.Namespace, "job");
            Assert.DoesNotContain(findings, finding => finding.Severity is FindingSeverity.Error);
        }
    }
}
