using GrpoOperator.Crds;

namespace GrpoOperator.Training.Verl;

/// <summary>
/// The mapping from fields to verl's arguments, in the order in which they are written. A row that always writes holds the
/// operator's default; all others write only what the spec gives, so that verl's own defaults stay in force.
/// </summary>
internal static partial class ArgumentTable
{
    private const string Actor = "actor_rollout_ref.actor";
    private const string Reference = "actor_rollout_ref.ref";
    private const string Rollout = "actor_rollout_ref.rollout";

    /// <summary>Every row.</summary>
    public static IReadOnlyList<ArgumentRow> All { get; } =
    [
        ArgumentRow.Raw("–", "algorithm.adv_estimator", _ => "grpo"),
        .. DataRows(),
        ArgumentRow.Text("model.path", "actor_rollout_ref.model.path", job => job.Spec.Model.Path),
        .. WeightRows(),
        ArgumentRow.Bool("algorithm.useKlInReward", "algorithm.use_kl_in_reward", job => job.Spec.Algorithm?.UseKlInReward),
        .. ActorRows(),
        .. ReferenceRows(),
        .. RolloutRows(),
        .. RewardRows(),
        .. TrainerRows(),
    ];

    private static ArgumentRow[] DataRows() =>
    [
        Files("data.trainFiles", "data.train_files", job => job.Spec.Data.TrainFiles),
        Files("data.valFiles", "data.val_files", job => job.Spec.Data.ValFiles),
        ArgumentRow.Int("data.trainBatchSize", "data.train_batch_size", job => job.Spec.Data.TrainBatchSize),
        ArgumentRow.Int("data.maxPromptLength", "data.max_prompt_length", job => job.Spec.Data.MaxPromptLength),
        ArgumentRow.Int("data.maxResponseLength", "data.max_response_length", job => job.Spec.Data.MaxResponseLength),
        ArgumentRow.Word<Truncation>(
            "data.truncation", "data.truncation", job => job.Spec.Data.Truncation,
            (Truncation.Error, "error", "error"), (Truncation.Left, "left", "left"),
            (Truncation.Right, "right", "right"), (Truncation.Middle, "middle", "middle")),
        ArgumentRow.Bool("data.filterOverlongPrompts", "data.filter_overlong_prompts", job => job.Spec.Data.FilterOverlongPrompts),
    ];

    // One file is written as verl's own scripts write it; a list needs brackets.
    private static ArgumentRow Files(string field, string key, Func<ArgumentContext, IReadOnlyList<string>> files) =>
        new(field, key, job => (files(job) is [var one] ? ArgumentRow.Text(field, key, _ => one) : ArgumentRow.List(field, key, files)).Write(job))
        {
            Read = ArgumentValues.TextOrTexts,
        };

    private static IEnumerable<ArgumentRow> WeightRows() =>
    [
        Weights("use_mbridge", Actor, job => job.Weights is WeightsMode.MBridge ? "True" : null),
        Weights("use_dist_checkpointing", Actor, UsesDistCheckpoint),
        ArgumentRow.Text("model.distCheckpointPath", $"{Actor}.megatron.dist_checkpointing_path", job => job.Spec.Model.DistCheckpointPath)
            .When(job => job.IsMegatron),
        Weights("use_dist_checkpointing", Reference, UsesDistCheckpoint),
        ArgumentRow.Text("model.distCheckpointPath", $"{Reference}.megatron.dist_checkpointing_path", job => job.Spec.Model.DistCheckpointPath)
            .When(job => job.IsMegatron),
    ];

    private static ArgumentRow Weights(string key, string role, Func<ArgumentContext, string?> value) =>
        ArgumentRow.Raw("model.weights", $"{role}.megatron.{key}", value);

    private static string? UsesDistCheckpoint(ArgumentContext job) => job.Weights switch
    {
        WeightsMode.DistCheckpoint => "True",
        WeightsMode.MBridge => "False",
        _ => null,
    };
}
