using GrpoOperator.Training.Verl.Hydra;

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

    /// <summary>The loggers, of which one is <see cref="Console"/>.</summary>
    public const string Logger = "trainer.logger";

    /// <summary>The logger that progress is read from.</summary>
    public const string Console = "console";

    /// <summary>True when an assignment changes Hydra's own configuration, by its key or its package.</summary>
    public static bool ChangesHydra(Assignment assignment) =>
        IsHydra(assignment.Key) || (assignment.Package is { } package && IsHydra(package));

    /// <summary>True when a value of <see cref="Logger"/> has the console.</summary>
    public static bool HasConsole(HydraValue? loggers) => loggers switch
    {
        HydraValue.Text text => text.Value == Console,
        HydraValue.Sequence list => list.Items.Any(HasConsole),
        _ => false,
    };

    private static bool IsHydra(string key) =>
        key is "hydra" || key.StartsWith("hydra.", StringComparison.Ordinal) || key.StartsWith("hydra/", StringComparison.Ordinal);
}
