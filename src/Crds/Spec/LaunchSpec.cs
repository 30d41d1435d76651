using System.Text.Json.Serialization;

namespace GrpoOperator.Crds;

/// <summary>How the trainer is started.</summary>
public sealed record LaunchSpec
{
    /// <summary>The CRD's defaults: a parameter stands for each field whose default isn't its type's zero.</summary>
    /// <remarks>Generated JSON readers know the defaults of parameters but not those of init-only properties.</remarks>
    [JsonConstructor]
    public LaunchSpec(
        string workDir = DefaultWorkDir)
    {
        WorkDir = workDir;
    }

    /// <summary>Where verl's source tree lies in the published images.</summary>
    public const string DefaultWorkDir = "/verl";

    /// <summary>The module that runs when none is given.</summary>
    public const string DefaultModule = "verl.trainer.main_ppo";

    /// <summary>Python module; null: <see cref="DefaultModule"/>.</summary>
    public string? Module { get; init; }

    /// <summary>Working directory in the image: verl's source tree.</summary>
    public string WorkDir { get; init; }

    /// <summary>Hydra's <c>--config-path</c>; null: by strategy, empty: not written.</summary>
    public string? ConfigPath { get; init; }

    /// <summary>Hydra's <c>--config-name</c>; null: by strategy, empty: not written.</summary>
    public string? ConfigName { get; init; }

    /// <summary>Further arguments before the generated assignments, verbatim.</summary>
    public IReadOnlyList<string>? Args { get; init; }

    /// <summary>The whole command instead of interpreter, module and arguments.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Directories put before <c>PYTHONPATH</c>.</summary>
    public IReadOnlyList<string>? PythonPath { get; init; }

    /// <summary>Bash text run on every rank before Ray.</summary>
    public string? Setup { get; init; }

    /// <summary>Generated keys that are left out.</summary>
    public IReadOnlyList<string>? OmitArguments { get; init; }

    /// <summary>What the pods are held up for.</summary>
    public LaunchMode Mode { get; init; } = LaunchMode.Train;
}
