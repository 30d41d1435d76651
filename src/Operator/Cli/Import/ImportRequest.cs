using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Operator.Cli.Import;

/// <summary>A script that is to become a job, and what the caller says beside it.</summary>
/// <param name="Name">The job's name.</param>
/// <param name="Script">The script's text.</param>
internal sealed record ImportRequest(string Name, string Script)
{
    /// <summary>Variables that have a value whatever the script assigns.</summary>
    public IReadOnlyDictionary<string, string> Given { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What <c>$HOME</c> is.</summary>
    public string? Home { get; init; }

    /// <summary>The training image.</summary>
    public string? Image { get; init; }

    /// <summary>verl's version in the image.</summary>
    public string? VerlVersion { get; init; }

    /// <summary>The machine, by its name in the API.</summary>
    public string? Accelerator { get; init; }

    /// <summary>Which of the script's launches, from 1.</summary>
    public int? Launch { get; init; }

    /// <summary>The machine, the API's default when none is named.</summary>
    public string AcceleratorName => Accelerator ?? DefaultAccelerator;

    /// <summary>The API's default machine.</summary>
    public static string DefaultAccelerator => AcceleratorPreset.Of(default).Name;
}
