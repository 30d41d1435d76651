using GrpoOperator.Crds;
using GrpoOperator.Training.Verl.Hydra;
using GrpoOperator.Training.Verl.Keys;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>
/// A job on one release of verl: the sizes that its rules speak of, taken from the composed configuration, so that an
/// override counts as much as a field. A size that is unknown, or not positive, is null, and its rules are skipped.
/// </summary>
internal sealed class Composition
{
    private const string Actor = "actor_rollout_ref.actor";
    private const string Rollout = "actor_rollout_ref.rollout";

    private readonly HashSet<string> _overridden;
    private readonly Dictionary<string, Operand?> _sizes = new(StringComparer.Ordinal);
    private readonly Lazy<IReadOnlyList<(Assignment, KeyProblem)>> _problems;

    public Composition(CheckedJob job, VerlRelease release, IReadOnlyList<Assignment> assignments)
    {
        Job = job;
        Assignments = assignments;
        Release = release;
        Root = UsesMegatronRoot(job, release, assignments) ? ConfigRoot.Megatron : ConfigRoot.Fsdp;
        Config = new ComposedConfig(VerlKeys.Table(release, Root), assignments);
        _problems = new(() => Problems(Config.Table, assignments));
        _overridden = job.Assignments.Select(assignment => assignment.Key).ToHashSet(StringComparer.Ordinal);
    }

    public CheckedJob Job { get; }

    public VerlRelease Release { get; }

    public ConfigRoot Root { get; }

    /// <summary>All assignments of the command line, in order.</summary>
    public IReadOnlyList<Assignment> Assignments { get; }

    public ComposedConfig Config { get; }

    public bool IsMegatron => Job.Spec.Strategy is Strategy.Megatron;

    public bool IsFsdp => Job.Spec.Strategy is Strategy.FSDP or Strategy.FSDP2;

    /// <summary>Whether micro batches are packed by tokens: micro batch sizes mean nothing then.</summary>
    public bool HasDynamicBatches => Config.IsTrue($"{Actor}.use_dynamic_bsz");

    /// <summary>NPUs that verl trains on.</summary>
    public Operand? World => Operand.Product("NPUs", Size("trainer.nnodes"), Size("trainer.n_gpus_per_node"));

    public Operand? TrainBatch => Size("data.train_batch_size");

    public Operand? MiniBatch => Size($"{Actor}.ppo_mini_batch_size");

    public Operand? MicroBatch => Size($"{Actor}.ppo_micro_batch_size_per_gpu");

    public Operand? Samples => Size($"{Rollout}.n");

    /// <summary>Sequences of one step.</summary>
    public Operand? Sequences => Operand.Product("sequences", TrainBatch, Samples);

    /// <summary>Sequences of one update.</summary>
    public Operand? MiniBatchSequences => Operand.Product("sequences of a mini batch", MiniBatch, Samples);

    public Operand? Tensor => Size($"{Actor}.megatron.tensor_model_parallel_size");

    public Operand? Pipeline => Size($"{Actor}.megatron.pipeline_model_parallel_size");

    public Operand? Context => Size($"{Actor}.megatron.context_parallel_size");

    public Operand? Expert => Size($"{Actor}.megatron.expert_model_parallel_size");

    /// <summary>Tensor parallel size inside experts; Megatron takes the tensor parallel size when it isn't given.</summary>
    public Operand? ExpertTensor => Size($"{Actor}.megatron.expert_tensor_parallel_size") ?? Tensor;

    /// <summary>NPUs that hold one copy of the experts.</summary>
    public Operand? ExpertCopy => Operand.Product("NPUs per copy of the experts", ExpertTensor, Expert, Pipeline);

    /// <summary>verl's workers take the key of the actor or that of its FSDP engine, by release; a job sets one, the other is 1.</summary>
    public Operand? Ulysses => Larger(Size($"{Actor}.ulysses_sequence_parallel_size"), Size($"{Actor}.fsdp_config.ulysses_sequence_parallel_size"));

    /// <summary>NPUs that hold one copy of the actor: tensor × pipeline × context, or Ulysses.</summary>
    public Operand? ModelParallel =>
        IsMegatron ? Operand.Product("NPUs per copy", Tensor, Pipeline, Context) : IsFsdp ? Ulysses : null;

    /// <summary>Copies of the actor; null when the NPUs don't make whole ones.</summary>
    public Operand? DataParallel => Operand.Quotient("data parallel size", World, ModelParallel);

    /// <summary>NPUs that hold one copy of the model for rollout.</summary>
    public Operand? Replica => Operand.Product(
        "NPUs per rollout replica",
        Size($"{Rollout}.tensor_model_parallel_size"),
        Size($"{Rollout}.data_parallel_size"),
        Size($"{Rollout}.pipeline_model_parallel_size"));

    /// <summary>vLLM's tensor parallel size; null with another engine.</summary>
    public Operand? RolloutTensor => Config.Text($"{Rollout}.name") is "vllm" ? Size($"{Rollout}.tensor_model_parallel_size") : null;

    /// <summary>NPUs that rollout runs on: those of its own nodes where it has some.</summary>
    public Operand? RolloutWorld => RolloutNodes is { } nodes ? Operand.Product("NPUs of rollout", nodes, RolloutNpusPerNode) : World;

    public Operand? RolloutNpusPerNode => Size(RolloutNodes is null ? "trainer.n_gpus_per_node" : $"{Rollout}.n_gpus_per_node");

    /// <summary>
    /// True when the keys are all measured: another file, or a chosen group, may hold more than the tables know.
    /// </summary>
    public bool HasKnownKeys =>
        Job.Spec is { Strategy: not Strategy.Custom, Launch: { ConfigPath: null or "" or "config", ConfigName: var name } }
        && name is null or "" or "ppo_trainer" or "ppo_trainer.yaml" or "ppo_megatron_trainer" or "ppo_megatron_trainer.yaml"
        && !Assignments.Any(IsForeignChoice);

    /// <summary>The assignments that Hydra would refuse, each with the reason.</summary>
    public IReadOnlyList<(Assignment Assignment, KeyProblem Problem)> KeyProblems => _problems.Value;

    /// <summary>The size at <paramref name="key"/>, named as the user would name it.</summary>
    public Operand? Size(string key)
    {
        if (!_sizes.TryGetValue(key, out var size))
            _sizes[key] = size = Config.Int(key) is { } value and > 0 ? new Operand(() => NameOf(key), value) : null;
        return size;
    }

    /// <summary>The field behind <paramref name="key"/>, or the key itself where an override or verl's default decides.</summary>
    public string NameOf(string key)
    {
        if (KeyTable.Ancestors(key).Prepend(key).Any(_overridden.Contains))
            return key;
        if (!Config.IsAssigned(key))
            return $"{key} (verl's default)";
        const string transformer = $"{Actor}.megatron.override_transformer_config.";
        if (key.StartsWith(transformer, StringComparison.Ordinal))
            return $"actor.transformerConfig.{key[transformer.Length..]}";
        var field = ArgumentTable.All.FirstOrDefault(row => string.Equals(row.Key, key, StringComparison.Ordinal))?.Field ?? key;
        return (field, Job.Spec.Trainer) switch
        {
            ("trainer.nodes", { Nodes: null }) => "workers.nodes",
            ("trainer.npusPerNode", { NpusPerNode: null }) => "workers.npusPerNode",
            _ => field,
        };
    }

    private static List<(Assignment, KeyProblem)> Problems(KeyTable table, IEnumerable<Assignment> assignments)
    {
        var checker = new KeyChecker(table);
        return [.. assignments.Select(assignment => (assignment, checker.Next(assignment))).Where(item => item.Item2 is not KeyProblem.None)];
    }

    private static Operand? Larger(Operand? one, Operand? other) => one is null || other?.Value > one.Value ? other : one;

    // Rollout on nodes of its own says how many; no nodes, the default, means those that train.
    private Operand? RolloutNodes => Size($"{Rollout}.nnodes");

    private bool IsForeignChoice(Assignment assignment) =>
        assignment.IsGroupChoice
        || (Config.Table.IsGroup(assignment.Key) && assignment is not { Key: "model_engine", RawValue: "megatron" });

    private static bool UsesMegatronRoot(CheckedJob job, VerlRelease release, IReadOnlyList<Assignment> assignments) =>
        job.Spec.Launch.ConfigName is { Length: > 0 } name
            ? name.Contains("megatron", StringComparison.Ordinal)
            : job.Spec.Strategy is Strategy.Megatron
                || (release.Version.IsAtLeast(0, 8)
                    && assignments.Any(assignment => assignment is { Key: "model_engine", RawValue: "megatron" }));
}
