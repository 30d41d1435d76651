namespace GrpoOperator.Crds;

/// <summary>Length, checkpoints, validation, loggers.</summary>
public sealed record TrainerSpec
{
    /// <summary>Passes over the data; this or <see cref="TotalSteps"/> is required.</summary>
    public int? TotalEpochs { get; init; }

    /// <summary>Steps in all; goes before <see cref="TotalEpochs"/>.</summary>
    public int? TotalSteps { get; init; }

    /// <summary>Steps between checkpoints; -1: never.</summary>
    public int? SaveFrequency { get; init; }

    /// <summary>Steps between validations; -1: never.</summary>
    public int? TestFrequency { get; init; }

    /// <summary>Whether validation runs before the first step.</summary>
    public bool? ValidateBeforeTraining { get; init; }

    /// <summary>Absolute directory on a volume that every pod mounts; required when <see cref="SaveFrequency"/> is positive.</summary>
    public string? CheckpointDir { get; init; }

    /// <summary>Checkpoints that are kept; null: all.</summary>
    public int? MaxCheckpointsToKeep { get; init; }

    /// <summary>Where the first attempt starts from; null: verl's default.</summary>
    public ResumeSpec? Resume { get; init; }

    /// <summary>Project in the loggers; null: the namespace.</summary>
    public string? ProjectName { get; init; }

    /// <summary>Experiment in the loggers; null: the job's name.</summary>
    public string? ExperimentName { get; init; }

    /// <summary>verl's loggers, <c>console</c> among them; null: only that.</summary>
    public IReadOnlyList<string>? Loggers { get; init; }

    /// <summary>Absolute directory of TensorBoard and file logger.</summary>
    public string? LogDir { get; init; }

    /// <summary>Nodes that train; null: the workers'.</summary>
    public int? Nodes { get; init; }

    /// <summary>NPUs per node that train; null: the workers'.</summary>
    public int? NpusPerNode { get; init; }
}
