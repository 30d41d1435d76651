using GrpoOperator.Crds;
using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>Whether data makes a step, and checkpoints fit; asked once both places were inspected.</summary>
internal static class StorageRules
{
    private const string Contents = "actor_rollout_ref.actor.checkpoint.save_contents";

    public static IEnumerable<Rule> All { get; } =
    [
        Rule.Verl(RuleNames.TrainRows, "verl, ray_trainer: 'Train dataloader is empty!'", TrainRows) with { OnlyOfMainModule = true },
        new(RuleNames.ClaimAccess, RuleKind.Storage, "Kubernetes: access modes of a PersistentVolumeClaim", ClaimAccess),
        Rule.Verl(RuleNames.ResumedCheckpoint, "verl, checkpoint managers of FSDP and Megatron", ResumedCheckpoint),
        Rule.Verl(RuleNames.CheckpointSpace, "arithmetic: bytes of a parameter in what is saved", CheckpointSpace),
    ];

    // An incomplete batch at the end is dropped, so less than one makes no step at all.
    private static IEnumerable<Breach> TrainRows(Composition job)
    {
        if (job.Job.Facts.TrainRows is { } rows && (job.Size("data.gen_batch_size") ?? job.TrainBatch) is { } batch && rows < batch.Value)
            yield return new Breach($"data.trainFiles have {rows} rows, fewer than {batch}: not one step");
    }

    // Some storage shares what it doesn't promise to.
    private static IEnumerable<Breach> ClaimAccess(CheckedJob job) =>
        from claim in job.Shape.Nodes > 1 ? Claims.Of(job.Spec) : []
        let modes = job.Facts.Claims.GetValueOrDefault(claim) ?? []
        where modes.Count > 0 && !modes.Any(mode => mode is "ReadWriteMany" or "ReadOnlyMany")
        select new Breach($"claim '{claim}' has access mode {string.Join(", ", modes)}; pods on {job.Shape.Nodes} nodes need ReadWriteMany", FindingSeverity.Warning);

    // With resume_mode auto, verl's default, what lies there is loaded whoever saved it.
    private static IEnumerable<Breach> ResumedCheckpoint(Composition job)
    {
        if (job.Job.Facts.Checkpoint is not { Layout: { } layout } found || job.Config.Text("trainer.resume_mode") is not "auto" || !(job.IsFsdp || job.IsMegatron))
            yield break;
        var problem = (layout, job.IsFsdp) switch
        {
            ("Fsdp", false) or ("Megatron" or "MegatronFlat", true) => $"was saved by another strategy than {job.Job.Spec.Strategy}",
            ("Fsdp", true) when job.World is { } world && found.WorldSize is { } ranks && ranks != world.Value => $"was saved by {ranks} ranks, and there are {world}",
            ("MegatronFlat", false) when job.Release.Version.IsAtLeast(0, 9) => $"has the layout from before verl 0.9; scripts/migrate_megatron_checkpoint_layout.py makes it one for {job.Release.Version}",
            ("Megatron", false) when !job.Release.Version.IsAtLeast(0, 9) => $"has a layout that verl {job.Release.Version} doesn't know",
            _ => null,
        };
        if (problem is not null)
            yield return new Breach($"the checkpoint of step {found.Step} in {job.Job.Spec.Trainer.CheckpointDir} {problem}; name another trainer.checkpointDir, or set trainer.resume.mode: Disabled");
    }

    private static IEnumerable<Breach> CheckpointSpace(Composition job)
    {
        var facts = job.Job.Facts;
        // Weights that take less than a byte each are not there: nothing is known of a size then.
        if (facts is not { FreeBytes: { } free, Parameters: { } parameters } || facts.WeightBytes < parameters
            || job.Size("trainer.save_freq") is not { } every || job.Job.Spec.Trainer.CheckpointDir is not { } folder || BytesPerParameter(job) is not { } bytes)
        {
            yield break;
        }

        var one = new Int128(0, (ulong)parameters) * bytes;
        var arithmetic = $"one checkpoint of {parameters} parameters takes about {bytes} bytes each = {ParameterBytes.GB((double)one)}; {ParameterBytes.GB(free)} are free in {folder}";
        if (one > free)
            yield return new Breach(arithmetic);
        else if (Kept(job, every) is { } kept && one * kept.Value > free)
            yield return new Breach($"{arithmetic}, and {kept} are kept = {ParameterBytes.GB((double)(one * kept.Value))}", FindingSeverity.Warning);
    }

    /// <summary>
    /// What one parameter takes in a checkpoint. Megatron: weights in bf16; weight and two moments of Adam in fp32. FSDP: weights
    /// in fp32 unless <c>model_dtype</c> says otherwise, two moments likewise. Null when it can't be told what is saved.
    /// </summary>
    private static int? BytesPerParameter(Composition job)
    {
        if (job.Config.Get(Contents) is not HydraValue.Sequence contents || (!job.IsMegatron && !job.IsFsdp))
            return null;
        var saved = contents.Items.OfType<HydraValue.Text>().Select(item => item.Value).ToHashSet(StringComparer.Ordinal);
        var weight = job.IsMegatron || job.Config.Text("actor_rollout_ref.actor.fsdp_config.model_dtype") is "bf16" or "bfloat16" ? ParameterBytes.Weight : 2 * ParameterBytes.Weight;
        return (saved.Contains("model") ? weight : 0) + (saved.Contains("optimizer") ? job.IsMegatron ? ParameterBytes.Optimizer : 2 * weight : 0) + (saved.Contains("hf_model") ? ParameterBytes.Weight : 0);
    }

    /// <summary>How many checkpoints lie there in the end.</summary>
    private static Operand? Kept(Composition job, Operand every)
    {
        var epochs = job.Size("trainer.total_epochs")?.Value * (job.Job.Facts.TrainRows / job.TrainBatch?.Value);
        var saves = (job.Size("trainer.total_training_steps")?.Value ?? epochs) / every.Value;
        var most = job.Size("trainer.max_actor_ckpt_to_keep");
        return most is not null && !(saves < most.Value) ? most : saves > 0 ? new Operand(() => "all saves", saves.Value) : null;
    }
}
