using GrpoOperator.Crds;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Tests.Verl.Rules;

/// <summary>Rules about forward passes and engines, each at its boundaries.</summary>
internal static class EngineCases
{
    private const string Megatron = "qwen3-30b-a3b";
    private const string Mbridge = "qwen3-30b-a3b-mbridge";
    private const string Fsdp = "minimal";
    private const string Trained = "actor_rollout_ref.actor";
    private const string Rollout = "actor_rollout_ref.rollout";
    private const string Virtual = $"{Trained}.megatron.virtual_pipeline_model_parallel_size";

    public static IEnumerable<RuleCase> All => [.. Passes, .. Engines];

    private static RuleCase[] Passes =>
    [
        new(RuleNames.RolloutExpertParallel, Megatron, "rollout: {parallelism: {tensor: 4, data: 4, expert: 16}}", "rollout: {parallelism: {tensor: 4, data: 4, expert: 8}}", "rollout.parallelism.expert 8 is neither 1 nor"),
        new(RuleNames.RolloutExpertParallel, Megatron, "rollout: {parallelism: {tensor: 4, expert: 1}}", "workers: {npusPerNode: 2}\nrollout: {parallelism: {tensor: 4, expert: 4}}", "workers.npusPerNode 2"),
        new(RuleNames.RolloutPipeline, Fsdp, $"overrides: [{Rollout}.pipeline_model_parallel_size=1]", $"overrides: [{Rollout}.pipeline_model_parallel_size=2]", "2: verl has no pipeline"),
        new(RuleNames.RolloutPipeline, Fsdp, $"rollout: {{engine: sglang}}\noverrides: [{Rollout}.pipeline_model_parallel_size=2]", $"overrides: [{Rollout}.pipeline_model_parallel_size=2]", "vllm"),
        new(RuleNames.MicroBatchSizeTwice, Fsdp, $"actor: {{ppoMicroBatchSizePerNpu: null}}\noverrides: [{Trained}.ppo_micro_batch_size=16]", $"overrides: [{Trained}.ppo_micro_batch_size=16]", "actor.ppoMicroBatchSizePerNpu are both given"),
        new(RuleNames.RolloutLogProbBatch, Fsdp, "rollout: {logProbMicroBatchSizePerNpu: null, logProbUseDynamicBatchSize: true}", "rollout: {logProbMicroBatchSizePerNpu: null}", "rollout.logProbMicroBatchSizePerNpu is required"),
        new(RuleNames.RolloutLogProbBatch, Fsdp, $"rollout: {{logProbMicroBatchSizePerNpu: null}}\noverrides: [{Rollout}.log_prob_micro_batch_size=16]", "rollout: {logProbMicroBatchSizePerNpu: null}\nactor: {useDynamicBatchSize: false}", "required"),
        new(RuleNames.RolloutLogProbBatch, Fsdp, "rollout: {logProbMicroBatchSizePerNpu: null}\nactor: {useDynamicBatchSize: true}", "rollout: {logProbMicroBatchSizePerNpu: null}", "required"),
        new(RuleNames.ReferenceLogProbBatch, Fsdp, "reference: {logProbMicroBatchSizePerNpu: null}\nactor: {useKlLoss: false}", "reference: {logProbMicroBatchSizePerNpu: null}", "reference.logProbMicroBatchSizePerNpu is required"),
        new(RuleNames.ReferenceLogProbBatch, Fsdp, "reference: {logProbMicroBatchSizePerNpu: null, logProbUseDynamicBatchSize: true}", "reference: {logProbMicroBatchSizePerNpu: null}\nactor: {useKlLoss: false}\nalgorithm: {useKlInReward: true}", "KL"),
        new(RuleNames.DynamicBatchTokens, Fsdp, "actor: {useDynamicBatchSize: true, maxTokensPerNpu: 1024}", "actor: {useDynamicBatchSize: true, maxTokensPerNpu: 1023}", "data.max_prompt_length (verl's default) 512 + data.max_response_length (verl's default) 512 = 1024"),
        new(RuleNames.DynamicBatchTokens, Fsdp, "actor: {useDynamicBatchSize: true, maxTokensPerNpu: 512, parallelism: {ulysses: 2}}", "actor: {useDynamicBatchSize: true, maxTokensPerNpu: 511, parallelism: {ulysses: 2}}", "= 1022"),
        new(RuleNames.DynamicBatchTokens, Fsdp, $"actor: {{useDynamicBatchSize: true, maxTokensPerNpu: 256}}\noverrides: [{Trained}.fsdp_config.ulysses_sequence_parallel_size=4]", $"actor: {{useDynamicBatchSize: true, maxTokensPerNpu: 255, parallelism: {{ulysses: 2}}}}\noverrides: [{Trained}.fsdp_config.ulysses_sequence_parallel_size=4]", "= 1020"),
        new(RuleNames.DynamicBatchTokens, Megatron, "actor: {useDynamicBatchSize: true, maxTokensPerNpu: 1536}", "actor: {useDynamicBatchSize: true, maxTokensPerNpu: 1535}", "= 3070 are fewer than data.maxPromptLength 1024 + data.maxResponseLength 2048 = 3072"),
        new(RuleNames.DynamicBatchTokens, Fsdp, "actor: {maxTokensPerNpu: 1023}", "actor: {useDynamicBatchSize: true, maxTokensPerNpu: 1}", "= 1 "),
        new(RuleNames.DynamicBatchAgreement, Fsdp, "verlVersion: 0.10.0\nactor: {useDynamicBatchSize: true}", "verlVersion: 0.10.0\nactor: {useDynamicBatchSize: true}\nrollout: {logProbUseDynamicBatchSize: false}", "is True and rollout.logProbUseDynamicBatchSize is False"),
        new(RuleNames.DynamicBatchAgreement, Fsdp, "verlVersion: 0.9.0\nrollout: {logProbUseDynamicBatchSize: true}", "verlVersion: 0.10.0.dev0\nrollout: {logProbUseDynamicBatchSize: true}", "0.10.0.dev0 wants both alike"),
    ];

    private static RuleCase[] Engines =>
    [
        .. from mode in Modes
           select new RuleCase(RuleNames.LossAggregation, Fsdp, $"overrides: [{Trained}.loss_agg_mode={mode}]", $"overrides: [{Trained}.loss_agg_mode={mode}x]", $"'{mode}x'"),
        new(RuleNames.LossAggregation, Fsdp, $"verlVersion: 0.8.0\noverrides: [{Trained}.loss_agg_mode=token-sum]", $"verlVersion: 0.7.1\noverrides: [{Trained}.loss_agg_mode=token-sum]", "token-sum"),
        new(RuleNames.ValidationTemperature, Fsdp, $"overrides: [{Rollout}.val_kwargs.do_sample=True, {Rollout}.temperature=0.01]", $"overrides: [{Rollout}.val_kwargs.do_sample=True, {Rollout}.temperature=0]", $"{Rollout}.temperature is not above 0"),
        new(RuleNames.ValidationTemperature, Fsdp, $"overrides: [{Rollout}.temperature=0.0]", $"overrides: [{Rollout}.val_kwargs.do_sample=True, {Rollout}.temperature=0.0]", "do_sample"),
        new(RuleNames.LoraRank, Fsdp, "overrides: [actor_rollout_ref.model.lora_rank=512]", "overrides: [actor_rollout_ref.model.lora_rank=513]", "513 is above 512"),
        new(RuleNames.LoraRank, Fsdp, "rollout: {engine: sglang}\noverrides: [actor_rollout_ref.model.lora_rank=1024]", "overrides: [actor_rollout_ref.model.lora_rank=1024]", "vllm"),
        new(RuleNames.VirtualPipeline, Megatron, $"overrides: [{Virtual}=2]", $"actor: {{parallelism: {{pipeline: 1}}}}\noverrides: [{Virtual}=2]", "needs a pipeline"),
        new(RuleNames.VirtualPipeline, Mbridge, "{}", $"overrides: [{Virtual}=2]", "MBridge", FindingSeverity.Warning),
        new(RuleNames.Recomputation, Megatron, "actor: {transformerConfig: {recompute_granularity: null, recompute_method: null, recompute_num_layers: null}}", "actor: {transformerConfig: {recompute_granularity: null, recompute_method: null}}", "recompute_num_layers of actor.transformerConfig needs"),
        new(RuleNames.Recomputation, Megatron, "{}", "actor: {transformerConfig: {recompute_method: null}}", "recompute_method of actor.transformerConfig is required"),
        new(RuleNames.Recomputation, Megatron, "{}", "actor: {transformerConfig: {recompute_granularity: selective}}", "needs recompute_granularity full"),
    ];

    private static readonly string[] Modes = ["token-mean", "seq-mean-token-sum", "seq-mean-token-mean", "seq-mean-token-sum-norm"];
}
