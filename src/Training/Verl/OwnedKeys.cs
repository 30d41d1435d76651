namespace GrpoOperator.Training.Verl;

/// <summary>Keys of verl's configuration that the operator sets itself and that no override may change.</summary>
public static class OwnedKeys
{
    /// <summary>Keys that say which resources there are and where training starts from.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "trainer.nnodes", "trainer.n_gpus_per_node", "trainer.device", "trainer.resume_mode", "trainer.resume_from_path",
        "ray_kwargs.ray_init.num_cpus", "ray_kwargs.ray_init.address",
    ];

    /// <summary>True for keys and packages of Hydra's own configuration.</summary>
    public static bool IsHydra(string key) =>
        key is "hydra" || key.StartsWith("hydra.", StringComparison.Ordinal) || key.StartsWith("hydra/", StringComparison.Ordinal);
}
