using System.Globalization;
using GrpoOperator.Crds;

namespace GrpoOperator.Training.Verl;

/// <content>Actor and reference.</content>
internal static partial class ArgumentTable
{
    private static ArgumentRow[] ActorRows() =>
    [
        ArgumentRow.Int("actor.ppoMiniBatchSize", $"{Actor}.ppo_mini_batch_size", job => job.Spec.Actor.PpoMiniBatchSize),
        ArgumentRow.Int("actor.ppoMicroBatchSizePerNpu", $"{Actor}.ppo_micro_batch_size_per_gpu", job => job.Spec.Actor.PpoMicroBatchSizePerNpu),
        ArgumentRow.Bool("actor.useDynamicBatchSize", $"{Actor}.use_dynamic_bsz", job => job.Spec.Actor.UseDynamicBatchSize),
        ArgumentRow.Int("actor.maxTokensPerNpu", $"{Actor}.ppo_max_token_len_per_gpu", job => job.Spec.Actor.MaxTokensPerNpu),
        ArgumentRow.Decimal("actor.learningRate", $"{Actor}.optim.lr", job => job.Spec.Actor.LearningRate),
        ArgumentRow.Decimal("actor.entropyCoefficient", $"{Actor}.entropy_coeff", job => job.Spec.Actor.EntropyCoefficient),
        ArgumentRow.Text("actor.klLossType", $"{Actor}.kl_loss_type", job => job.Spec.Actor.KlLossType),
        ArgumentRow.Bool("actor.useKlLoss", $"{Actor}.use_kl_loss", job => UsesKlLoss(job.Spec.Actor)),
        ArgumentRow.Decimal("actor.klLossCoefficient", $"{Actor}.kl_loss_coef", job => job.Spec.Actor.KlLossCoefficient),
        .. ParallelismRows("actor", Actor, job => job.Spec.Actor.Parallelism),
        .. OffloadRows(),
        TransformerConfig.Row,
    ];

    private static ArgumentRow[] ReferenceRows() =>
    [
        .. ParallelismRows("reference", Reference, job => job.Spec.Reference?.Parallelism),
        ArgumentRow.Bool("reference.offloadParameters", $"{Reference}.megatron.param_offload", job => job.Spec.Reference?.OffloadParameters)
            .When(job => job.IsMegatron),
        ArgumentRow.Bool("reference.offloadParameters", $"{Reference}.fsdp_config.param_offload", job => job.Spec.Reference?.OffloadParameters)
            .When(job => job.IsFsdp),
        ArgumentRow.Int("reference.logProbMicroBatchSizePerNpu", $"{Reference}.log_prob_micro_batch_size_per_gpu", job => job.Spec.Reference?.LogProbMicroBatchSizePerNpu),
        ArgumentRow.Bool("reference.logProbUseDynamicBatchSize", $"{Reference}.log_prob_use_dynamic_bsz", job => job.Spec.Reference?.LogProbUseDynamicBatchSize),
        ArgumentRow.Int("reference.logProbMaxTokensPerNpu", $"{Reference}.log_prob_max_token_len_per_gpu", job => job.Spec.Reference?.LogProbMaxTokensPerNpu),
    ];

    private static IEnumerable<ArgumentRow> ParallelismRows(string field, string role, Func<ArgumentContext, ModelParallelism?> sizes)
    {
        return
        [
            Size("tensor", "megatron.tensor_model_parallel_size", size => size.Tensor).When(job => job.IsMegatron),
            Size("pipeline", "megatron.pipeline_model_parallel_size", size => size.Pipeline).When(job => job.IsMegatron),
            Size("context", "megatron.context_parallel_size", size => size.Context).When(job => job.IsMegatron),
            Size("expert", "megatron.expert_model_parallel_size", size => size.Expert).When(job => job.IsMegatron),
            Size("expertTensor", "megatron.expert_tensor_parallel_size", size => size.ExpertTensor).When(job => job.IsMegatron),
            Size("ulysses", "ulysses_sequence_parallel_size", size => size.Ulysses).When(job => job.IsFsdp),
        ];

        ArgumentRow Size(string name, string key, Func<ModelParallelism, int?> value) =>
            ArgumentRow.Int($"{field}.parallelism.{name}", $"{role}.{key}", job => sizes(job) is { } size ? value(size) : null);
    }

    private static IEnumerable<ArgumentRow> OffloadRows() =>
    [
        Offload("parameters", "megatron.param_offload", offload => offload.Parameters).When(job => job.IsMegatron),
        Offload("gradients", "megatron.grad_offload", offload => offload.Gradients).When(job => job.IsMegatron),
        Offload("optimizer", "megatron.optimizer_offload", offload => offload.Optimizer).When(job => job.IsMegatron),
        Offload("parameters", "fsdp_config.param_offload", offload => offload.Parameters).When(job => job.IsFsdp),
        Offload("optimizer", "fsdp_config.optimizer_offload", offload => offload.Optimizer).When(job => job.IsFsdp),
    ];

    private static ArgumentRow Offload(string field, string key, Func<ActorOffload, bool?> value) =>
        ArgumentRow.Bool($"actor.offload.{field}", $"{Actor}.{key}", job => job.Spec.Actor.Offload is { } offload ? value(offload) : null);

    // A coefficient says that the loss is wanted, unless it is zero; verl itself would ignore it silently.
    private static bool? UsesKlLoss(ActorSpec actor) =>
        actor.UseKlLoss ?? (actor.KlLossCoefficient is { } text
            ? !double.TryParse(text, NumberStyles.Float, null, out var coefficient) || coefficient != 0
            : null);
}
