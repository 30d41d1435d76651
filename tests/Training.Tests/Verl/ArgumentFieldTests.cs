using GrpoOperator.Training.Verl;
using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Training.Tests.Verl;

/// <summary>Each field on its own: what it adds to the arguments of a sample, and what it takes away.</summary>
public sealed class ArgumentFieldTests
{
    private const string Megatron = "qwen3-30b-a3b-mbridge";
    private const string Fsdp = "minimal";

    public static TheoryData<string, string, string[]> Cases() => new()
    {
        // data
        { Fsdp, "data: {trainFiles: [/a.parquet, /b c.parquet]}", ["data.train_files=[/a.parquet,'/b c.parquet']"] },
        { Fsdp, "data: {valFiles: [/a.json]}", ["data.val_files=/a.json"] },
        { Fsdp, "data: {trainBatchSize: 32}", ["data.train_batch_size=32"] },
        { Fsdp, "data: {maxPromptLength: 1}", ["data.max_prompt_length=1"] },
        { Fsdp, "data: {maxResponseLength: 2}", ["data.max_response_length=2"] },
        { Fsdp, "data: {truncation: error}", ["data.truncation=error"] },
        { Fsdp, "data: {truncation: right}", ["data.truncation=right"] },
        { Fsdp, "data: {truncation: middle}", ["data.truncation=middle"] },
        { Fsdp, "data: {filterOverlongPrompts: false}", ["data.filter_overlong_prompts=False"] },

        // model
        { Fsdp, "model: {path: Qwen/Qwen3-8B}", ["actor_rollout_ref.model.path=Qwen/Qwen3-8B"] },
        {
            Megatron, "model: {distCheckpointPath: /d}",
            ["actor_rollout_ref.actor.megatron.dist_checkpointing_path=/d", "actor_rollout_ref.ref.megatron.dist_checkpointing_path=/d"]
        },
        { Fsdp, "algorithm: {useKlInReward: true}", ["algorithm.use_kl_in_reward=True"] },

        // actor
        { Fsdp, "actor: {ppoMiniBatchSize: 8}", ["actor_rollout_ref.actor.ppo_mini_batch_size=8"] },
        { Fsdp, "actor: {ppoMicroBatchSizePerNpu: 2}", ["actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu=2"] },
        { Fsdp, "actor: {useDynamicBatchSize: true}", ["actor_rollout_ref.actor.use_dynamic_bsz=True"] },
        { Fsdp, "actor: {maxTokensPerNpu: 9000}", ["actor_rollout_ref.actor.ppo_max_token_len_per_gpu=9000"] },
        { Fsdp, "actor: {learningRate: '5e-7'}", ["actor_rollout_ref.actor.optim.lr=5e-7"] },
        { Fsdp, "actor: {entropyCoefficient: '0.010'}", ["actor_rollout_ref.actor.entropy_coeff=0.010"] },
        { Fsdp, "actor: {klLossType: k3}", ["actor_rollout_ref.actor.kl_loss_type=k3"] },
        { Fsdp, "actor: {useKlLoss: false}", ["actor_rollout_ref.actor.use_kl_loss=False"] },
        { Fsdp, "actor: {klLossCoefficient: '0.0'}", ["actor_rollout_ref.actor.use_kl_loss=False", "actor_rollout_ref.actor.kl_loss_coef=0.0"] },
        { Fsdp, "actor: {klLossCoefficient: '0e5'}", ["actor_rollout_ref.actor.use_kl_loss=False", "actor_rollout_ref.actor.kl_loss_coef=0e5"] },
        { Fsdp, "actor: {klLossCoefficient: '0', useKlLoss: true}", ["actor_rollout_ref.actor.kl_loss_coef=0"] },
        { Megatron, "actor: {parallelism: {tensor: 3}}", ["actor_rollout_ref.actor.megatron.tensor_model_parallel_size=3"] },
        { Megatron, "actor: {parallelism: {pipeline: 3}}", ["actor_rollout_ref.actor.megatron.pipeline_model_parallel_size=3"] },
        { Megatron, "actor: {parallelism: {context: 3}}", ["actor_rollout_ref.actor.megatron.context_parallel_size=3"] },
        { Megatron, "actor: {parallelism: {expert: 3}}", ["actor_rollout_ref.actor.megatron.expert_model_parallel_size=3"] },
        { Megatron, "actor: {parallelism: {expertTensor: 3}}", ["actor_rollout_ref.actor.megatron.expert_tensor_parallel_size=3"] },
        { Fsdp, "actor: {parallelism: {ulysses: 2}}", ["actor_rollout_ref.actor.ulysses_sequence_parallel_size=2"] },
        { Megatron, "actor: {offload: {parameters: false}}", ["actor_rollout_ref.actor.megatron.param_offload=False"] },
        { Megatron, "actor: {offload: {gradients: false}}", ["actor_rollout_ref.actor.megatron.grad_offload=False"] },
        { Megatron, "actor: {offload: {optimizer: false}}", ["actor_rollout_ref.actor.megatron.optimizer_offload=False"] },
        { Fsdp, "actor: {offload: {parameters: true}}", ["actor_rollout_ref.actor.fsdp_config.param_offload=True"] },
        { Fsdp, "actor: {offload: {optimizer: true}}", ["actor_rollout_ref.actor.fsdp_config.optimizer_offload=True"] },

        // reference
        { Megatron, "reference: {parallelism: {tensor: 3}}", ["actor_rollout_ref.ref.megatron.tensor_model_parallel_size=3"] },
        { Megatron, "reference: {parallelism: {pipeline: 3}}", ["actor_rollout_ref.ref.megatron.pipeline_model_parallel_size=3"] },
        { Megatron, "reference: {parallelism: {context: 3}}", ["actor_rollout_ref.ref.megatron.context_parallel_size=3"] },
        { Megatron, "reference: {parallelism: {expert: 3}}", ["actor_rollout_ref.ref.megatron.expert_model_parallel_size=3"] },
        { Megatron, "reference: {parallelism: {expertTensor: 3}}", ["actor_rollout_ref.ref.megatron.expert_tensor_parallel_size=3"] },
        { Fsdp, "reference: {parallelism: {ulysses: 2}}", ["actor_rollout_ref.ref.ulysses_sequence_parallel_size=2"] },
        { Megatron, "reference: {offloadParameters: false}", ["actor_rollout_ref.ref.megatron.param_offload=False"] },
        { Fsdp, "reference: {offloadParameters: true}", ["actor_rollout_ref.ref.fsdp_config.param_offload=True"] },
        { Fsdp, "reference: {logProbMicroBatchSizePerNpu: 1}", ["actor_rollout_ref.ref.log_prob_micro_batch_size_per_gpu=1"] },
        { Fsdp, "reference: {logProbUseDynamicBatchSize: true}", ["actor_rollout_ref.ref.log_prob_use_dynamic_bsz=True"] },
        { Fsdp, "reference: {logProbMaxTokensPerNpu: 7}", ["actor_rollout_ref.ref.log_prob_max_token_len_per_gpu=7"] },

        // rollout
        { Fsdp, "rollout: {engine: sglang}", ["actor_rollout_ref.rollout.name=sglang"] },
        { Fsdp, "rollout: {samplesPerPrompt: 4}", ["actor_rollout_ref.rollout.n=4"] },
        { Fsdp, "rollout: {parallelism: {tensor: 2}}", ["actor_rollout_ref.rollout.tensor_model_parallel_size=2"] },
        { Fsdp, "rollout: {parallelism: {data: 2}}", ["actor_rollout_ref.rollout.data_parallel_size=2"] },
        { Fsdp, "rollout: {parallelism: {expert: 2}}", ["actor_rollout_ref.rollout.expert_parallel_size=2"] },
        { Fsdp, "rollout: {npuMemoryUtilization: '0.75'}", ["actor_rollout_ref.rollout.gpu_memory_utilization=0.75"] },
        { Fsdp, "rollout: {enforceEager: true}", ["actor_rollout_ref.rollout.enforce_eager=True"] },
        { Fsdp, "rollout: {maxModelLength: 9}", ["actor_rollout_ref.rollout.max_model_len=9"] },
        { Fsdp, "rollout: {maxBatchedTokens: 8192}", ["actor_rollout_ref.rollout.max_num_batched_tokens=8192"] },
        { Fsdp, "rollout: {logProbMicroBatchSizePerNpu: 1}", ["actor_rollout_ref.rollout.log_prob_micro_batch_size_per_gpu=1"] },
        { Fsdp, "rollout: {logProbUseDynamicBatchSize: true}", ["actor_rollout_ref.rollout.log_prob_use_dynamic_bsz=True"] },
        { Fsdp, "rollout: {logProbMaxTokensPerNpu: 7}", ["actor_rollout_ref.rollout.log_prob_max_token_len_per_gpu=7"] },

        // reward: the key moved in 0.7.1
        { Fsdp, "verlVersion: 0.7.0\nreward: {path: /r.py, functionName: f}", ["custom_reward_function.path=/r.py", "custom_reward_function.name=f"] },
        { Fsdp, "verlVersion: 0.7.1\nreward: {path: /r.py, functionName: f}", ["reward.custom_reward_function.path=/r.py", "reward.custom_reward_function.name=f"] },
        { Fsdp, "reward: {path: /r.py}", ["custom_reward_function.path=/r.py", "++reward.custom_reward_function.path=/r.py"] },

        // trainer
        { Fsdp, "trainer: {totalEpochs: 3}", ["trainer.total_epochs=3"] },
        { Fsdp, "trainer: {totalSteps: 17}", ["trainer.total_training_steps=17"] },
        { Fsdp, "trainer: {saveFrequency: 5}", ["trainer.save_freq=5"] },
        { Fsdp, "trainer: {testFrequency: 5}", ["trainer.test_freq=5"] },
        { Fsdp, "trainer: {validateBeforeTraining: false}", ["trainer.val_before_train=False"] },
        { Fsdp, "trainer: {checkpointDir: /c}", ["trainer.default_local_dir=/c"] },
        { Fsdp, "trainer: {maxCheckpointsToKeep: 2}", ["trainer.max_actor_ckpt_to_keep=2"] },
        { Fsdp, "trainer: {resume: {mode: Auto}}", ["trainer.resume_mode=auto"] },
        { Fsdp, "trainer: {resume: {mode: Disabled}}", ["trainer.resume_mode=disable"] },
        { Fsdp, "trainer: {resume: {mode: FromPath, path: /c/global_step_7}}", ["trainer.resume_mode=resume_path", "trainer.resume_from_path=/c/global_step_7"] },
        { Fsdp, "trainer: {loggers: [console, tensorboard]}", ["trainer.logger=[console,tensorboard]"] },
        { Fsdp, "trainer: {projectName: 'a b'}", ["trainer.project_name='a b'"] },
        { Fsdp, "trainer: {experimentName: '1e3'}", ["trainer.experiment_name='1e3'"] },
        { Fsdp, "trainer: {logDir: /l}", [] },
        { Fsdp, "trainer: {npusPerNode: 8}", ["trainer.n_gpus_per_node=8"] },
        { Fsdp, "workers: {nodes: 3}", ["trainer.nnodes=3"] },
        { Fsdp, "workers: {nodes: 3}\ntrainer: {nodes: 2}", ["trainer.nnodes=2"] },
        { Fsdp, "workers: {accelerator: atlas-800t-a2}", ["trainer.n_gpus_per_node=8"] },
        { Fsdp, "workers: {npusPerNode: 4}", ["trainer.n_gpus_per_node=4"] },
        { Fsdp, "strategy: FSDP2", ["actor_rollout_ref.actor.strategy=fsdp2"] },
        { Fsdp, "strategy: Custom", [] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_field_adds_its_argument_and_nothing_else(string sample, string patch, string[] added)
    {
        var before = Samples.Arguments(Samples.Spec(sample));
        var after = Samples.Arguments(Samples.Spec(sample, patch));
        Assert.Equal(added, after.Except(before, StringComparer.Ordinal));
        var keys = added.Select(Key).ToHashSet(StringComparer.Ordinal);
        Assert.All(before.Except(after, StringComparer.Ordinal), gone => Assert.Contains(Key(gone), keys));
    }

    [Fact]
    public void Every_row_of_the_mapping_is_tried()
    {
        var written = Cases().SelectMany(row => row.Data.Item3.Concat(Samples.Arguments(Samples.Spec(row.Data.Item1)))).Select(Key).ToHashSet(StringComparer.Ordinal);
        var rows = ArgumentTable.All.Select(row => row.Key).Where(key => !key.EndsWith(".*", StringComparison.Ordinal));
        Assert.All(rows, key => Assert.Contains(key, written));
    }

    private static string? Key(string argument) => Assignment.Read(argument).Result?.Key;
}
