namespace GrpoOperator.Training.Verl.Rules;

/// <summary>Batch sizes of forward passes, and how batches packed by tokens must fit.</summary>
internal static class LogProbRules
{
    private const string Actor = "actor_rollout_ref.actor";
    private const string Reference = "actor_rollout_ref.ref";
    private const string Rollout = "actor_rollout_ref.rollout";

    public static IEnumerable<Rule> All { get; } =
    [
        Rule.Verl(RuleNames.MicroBatchSizeTwice, "verl, ActorConfig: mutually exclusive", MicroBatchSizeTwice) with { OnlyOfMainModule = true },
        Rule.Verl(RuleNames.RolloutLogProbBatch, "verl, utils/config.py validate_config: 'Please set at least one of'", RolloutBatch) with { OnlyOfMainModule = true },
        Rule.Verl(RuleNames.ReferenceLogProbBatch, "verl, utils/config.py validate_config: 'Please set at least one of'", ReferenceBatch) with { OnlyOfMainModule = true },
        Rule.Verl(RuleNames.DynamicBatchTokens, "verl, utils/seqlen_balancing.py: a sequence is never cut", DynamicTokens),
        Rule.Verl(RuleNames.DynamicBatchAgreement, "verl ≥ 0.10, trainer", DynamicAgreement) with { OnlyOfMainModule = true },
    ];

    private static IEnumerable<Breach> MicroBatchSizeTwice(Composition job)
    {
        if (!job.HasDynamicBatches && job.Config.IsGiven($"{Actor}.ppo_micro_batch_size") && job.Config.IsGiven($"{Actor}.ppo_micro_batch_size_per_gpu"))
            yield return new Breach($"{job.NameOf($"{Actor}.ppo_micro_batch_size")} and {job.NameOf($"{Actor}.ppo_micro_batch_size_per_gpu")} are both given; verl takes one of them");
    }

    private static IEnumerable<Breach> RolloutBatch(Composition job) =>
        LacksBatch(job, Rollout) ? [new Breach("rollout.logProbMicroBatchSizePerNpu is required unless batches are dynamic")] : [];

    // Without any KL there is no reference to ask.
    private static IEnumerable<Breach> ReferenceBatch(Composition job)
    {
        var isUsed = job.Config.IsTrue($"{Actor}.use_kl_loss") || job.Config.IsTrue("algorithm.use_kl_in_reward");
        if (isUsed && LacksBatch(job, Reference))
            yield return new Breach("reference.logProbMicroBatchSizePerNpu is required with a KL loss or KL in the reward, unless batches are dynamic");
    }

    private static bool LacksBatch(Composition job, string role) =>
        !job.HasDynamicBatches
        && !job.Config.IsTrue($"{role}.log_prob_use_dynamic_bsz")
        && !job.Config.IsGiven($"{role}.log_prob_micro_batch_size")
        && !job.Config.IsGiven($"{role}.log_prob_micro_batch_size_per_gpu");

    private static IEnumerable<Breach> DynamicTokens(Composition job)
    {
        if (job.HasDynamicBatches
            && Operand.Product("tokens", job.Size($"{Actor}.ppo_max_token_len_per_gpu"), job.IsMegatron ? job.Context : job.Ulysses) is { } tokens
            && job.Size("data.max_prompt_length") is { } prompt
            && job.Size("data.max_response_length") is { } response
            && tokens.Value < prompt.Value + response.Value)
        {
            yield return new Breach($"{tokens} are fewer than {prompt} + {response} = {prompt.Value + response.Value}");
        }
    }

    private static IEnumerable<Breach> DynamicAgreement(Composition job)
    {
        var samples = job.Config.IsTrue($"{Rollout}.log_prob_use_dynamic_bsz");
        if (job.Release.Version.Minor >= 10 && job.HasDynamicBatches != samples)
            yield return new Breach($"{job.NameOf($"{Actor}.use_dynamic_bsz")} is {job.HasDynamicBatches} and {job.NameOf($"{Rollout}.log_prob_use_dynamic_bsz")} is {samples}; verl {job.Release.Version} wants both alike");
    }
}
