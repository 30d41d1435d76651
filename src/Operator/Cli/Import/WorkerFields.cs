using System.Text.Json.Nodes;
using GrpoOperator.Training.Ascend;
using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Operator.Cli.Import;

/// <summary>The pods: as many nodes and NPUs as the trainer and the engines beside it ask for.</summary>
internal static class WorkerFields
{
    /// <summary>Recipes that split nodes name their rollout and reward nodes by these keys.</summary>
    private static readonly (string Prefix, string? Switch)[] Beside =
    [
        ("rollout", null), ("actor_rollout_ref.rollout", null),
        ("reward_model", "reward_model.enable_resource_pool"), ("reward.reward_model", "reward.reward_model.enable_resource_pool"),
    ];

    /// <summary>Writes <c>workers</c>, and <c>trainer.nodes</c> and <c>.npusPerNode</c> where the trainer has fewer.</summary>
    public static void Write(JobTree job, OwnedArguments owned, ImportRequest request)
    {
        var capacity = AcceleratorPreset.Named(request.AcceleratorName)!.NpusPerNode;
        var pools = Pools(owned);
        var (nodes, npus) = Together(pools, capacity);
        job.Set("workers.nodes", JsonValue.Create(nodes));
        job.Set("workers.npusPerNode", JsonValue.Create(npus));
        if (request.Accelerator is not null)
            job.Set("workers.accelerator", request.Accelerator);
        else
            job.Comment("workers.npusPerNode", $"the script can't say which machine this is; without workers.accelerator it is {request.AcceleratorName}");
        if (capacity is { } most && npus > most)
            job.Comment("workers.npusPerNode", $"{request.AcceleratorName} has {most}: name another machine with --accelerator");
        if (pools.Count > 1)
            job.Comment("workers.nodes", $"trainer, rollout and reward nodes: {string.Join(", ", pools.Select(pool => $"{pool.Nodes} × {pool.Npus} NPUs"))}");
        if (owned.Nodes != nodes)
            job.Set("trainer.nodes", JsonValue.Create(owned.Nodes));
        if (owned.NpusPerNode != npus)
            job.Set("trainer.npusPerNode", JsonValue.Create(owned.NpusPerNode));
    }

    private static List<(int Nodes, int Npus)> Pools(OwnedArguments owned)
    {
        var pools = new List<(int Nodes, int Npus)> { (owned.Nodes, owned.NpusPerNode) };
        foreach (var (prefix, condition) in Beside)
        {
            if (condition is not null && Last(owned, condition) is not HydraValue.Bool { Value: true })
                continue;
            if (Last(owned, $"{prefix}.nnodes") is HydraValue.Int { Value: var nodes } && nodes >= 1 && nodes <= 4096)
                pools.Add(((int)nodes, Last(owned, $"{prefix}.n_gpus_per_node") is HydraValue.Int { Value: var npus } && npus >= 1 && npus <= 4096 ? (int)npus : OwnedArguments.DefaultNpus));
        }

        return pools;
    }

    // Pools of equally many nodes share them where the machine has room; else each has its own.
    private static (int Nodes, int Npus) Together(List<(int Nodes, int Npus)> pools, int? capacity)
    {
        var sum = pools.Sum(pool => pool.Npus);
        return pools.TrueForAll(pool => pool.Nodes == pools[0].Nodes) && (pools.Count == 1 || (capacity is { } most && sum <= most))
            ? (pools[0].Nodes, sum)
            : (pools.Sum(pool => pool.Nodes), pools.Max(pool => pool.Npus));
    }

    private static HydraValue? Last(OwnedArguments owned, string key) => owned.Arguments.LastOrDefault(argument => argument.Key == key)?.Assignment.Value;
}
