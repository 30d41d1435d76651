using GrpoOperator.Crds;

namespace GrpoOperator.Training.Verl;

/// <content>Rollout and reward.</content>
internal static partial class ArgumentTable
{
    private static ArgumentRow[] RolloutRows() =>
    [
        ArgumentRow.Word<RolloutEngine>(
            "rollout.engine", $"{Rollout}.name", job => job.Spec.Rollout.Engine ?? RolloutEngine.VLlm,
            (RolloutEngine.VLlm, "vllm", "vllm"), (RolloutEngine.SgLang, "sglang", "sglang")),
        ArgumentRow.Int("rollout.samplesPerPrompt", $"{Rollout}.n", job => job.Spec.Rollout.SamplesPerPrompt),
        ArgumentRow.Int("rollout.parallelism.tensor", $"{Rollout}.tensor_model_parallel_size", job => job.Spec.Rollout.Parallelism?.Tensor),
        ArgumentRow.Int("rollout.parallelism.data", $"{Rollout}.data_parallel_size", job => job.Spec.Rollout.Parallelism?.Data),
        ArgumentRow.Int("rollout.parallelism.expert", $"{Rollout}.expert_parallel_size", job => job.Spec.Rollout.Parallelism?.Expert),
        ArgumentRow.Decimal("rollout.npuMemoryUtilization", $"{Rollout}.gpu_memory_utilization", job => job.Spec.Rollout.NpuMemoryUtilization),
        ArgumentRow.Bool("rollout.enforceEager", $"{Rollout}.enforce_eager", job => job.Spec.Rollout.EnforceEager),
        ArgumentRow.Int("rollout.maxModelLength", $"{Rollout}.max_model_len", job => job.Spec.Rollout.MaxModelLength),
        ArgumentRow.Int("rollout.maxBatchedTokens", $"{Rollout}.max_num_batched_tokens", job => job.Spec.Rollout.MaxBatchedTokens),
        ArgumentRow.Int("rollout.logProbMicroBatchSizePerNpu", $"{Rollout}.log_prob_micro_batch_size_per_gpu", job => job.Spec.Rollout.LogProbMicroBatchSizePerNpu),
        ArgumentRow.Bool("rollout.logProbUseDynamicBatchSize", $"{Rollout}.log_prob_use_dynamic_bsz", job => job.Spec.Rollout.LogProbUseDynamicBatchSize),
        ArgumentRow.Int("rollout.logProbMaxTokensPerNpu", $"{Rollout}.log_prob_max_token_len_per_gpu", job => job.Spec.Rollout.LogProbMaxTokensPerNpu),
    ];

    // The key moved in 0.7.1, and 0.9 ignores the old one silently. Without a version both are written, the new one so
    // that it composes where it doesn't exist yet.
    private static IEnumerable<ArgumentRow> RewardRows() =>
    [
        .. RewardRows("custom_reward_function").Select(row => row.When(job => job.Version?.IsAtLeast(0, 7, 1) is not true)),
        .. RewardRows("reward.custom_reward_function").Select(row => row.When(job => job.Version?.IsAtLeast(0, 7, 1) is true)),
        .. RewardRows("reward.custom_reward_function").Select(row => Forced(row).When(job => job.Version is null)),
    ];

    private static IEnumerable<ArgumentRow> RewardRows(string parent) =>
    [
        ArgumentRow.Text("reward.path", $"{parent}.path", job => job.Spec.Reward?.Path),
        ArgumentRow.Text("reward.functionName", $"{parent}.name", job => job.Spec.Reward?.FunctionName),
    ];

    private static ArgumentRow Forced(ArgumentRow row) =>
        row with { Write = job => row.Write(job).Select(argument => argument with { Sign = "++" }) };
}
