using System.Text.Json;
using System.Text.Json.Serialization;

namespace GrpoOperator.Crds;

/// <summary>The CPU Job that makes the data files; not run when all are there.</summary>
public sealed record DataPrepareSpec
{
    /// <summary>The CRD's defaults: a parameter stands for each field whose default isn't its type's zero.</summary>
    /// <remarks>Generated JSON readers know the defaults of parameters but not those of init-only properties.</remarks>
    [JsonConstructor]
    public DataPrepareSpec(
        string script = DefaultScript,
        int retries = 2)
    {
        Script = script;
        Retries = retries;
    }

    /// <summary>verl's own GSM8K script, relative to <see cref="LaunchSpec.WorkDir"/>.</summary>
    public const string DefaultScript = "examples/data_preprocess/gsm8k.py";

    /// <summary>Python script, relative to <see cref="LaunchSpec.WorkDir"/> or absolute.</summary>
    public string Script { get; init; }

    /// <summary>Raw data set given to the script; null: the script's own source.</summary>
    public string? RawPath { get; init; }

    /// <summary>Absolute directory that the files go to; null: that of the first training file.</summary>
    public string? OutputDir { get; init; }

    /// <summary>Image; null: the job's.</summary>
    public string? Image { get; init; }

    /// <summary>Container resources, as in a pod.</summary>
    public JsonElement? Resources { get; init; }

    /// <summary>Further arguments of the script, one element each.</summary>
    public IReadOnlyList<string>? ExtraArgs { get; init; }

    /// <summary>Pod-template overlay.</summary>
    public JsonElement? Template { get; init; }

    /// <summary>Further tries after a failed one.</summary>
    public int Retries { get; init; }
}
