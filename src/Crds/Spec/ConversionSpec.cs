using System.Text.Json;
using System.Text.Json.Serialization;

namespace GrpoOperator.Crds;

/// <summary>The Job that converts Hugging Face weights to a Megatron distributed checkpoint.</summary>
public sealed record ConversionSpec
{
    /// <summary>The CRD's defaults: a parameter stands for each field whose default isn't its type's zero.</summary>
    /// <remarks>Generated JSON readers know the defaults of parameters but not those of init-only properties.</remarks>
    [JsonConstructor]
    public ConversionSpec(
        int retries = 2)
    {
        Retries = retries;
    }

    /// <summary>Whether weights may be converted.</summary>
    public ConversionPolicy Policy { get; init; } = ConversionPolicy.IfMissing;

    /// <summary>Whether the converter builds the model on the CPU; null: yes for mixture-of-experts models.</summary>
    public bool? UseCpuInitialization { get; init; }

    /// <summary>NPUs of the Job; null: what the accelerator's device plugin gives at least (1, HAMi A3 2).</summary>
    public int? Npus { get; init; }

    /// <summary>Image; null: the job's.</summary>
    public string? Image { get; init; }

    /// <summary>Container resources, as in a pod.</summary>
    public JsonElement? Resources { get; init; }

    /// <summary>Further arguments of the converter, one element each.</summary>
    public IReadOnlyList<string>? ExtraArgs { get; init; }

    /// <summary>Pod-template overlay.</summary>
    public JsonElement? Template { get; init; }

    /// <summary>Further tries after a failed one.</summary>
    public int Retries { get; init; }

    /// <summary>Seconds that one try may take; null: no limit.</summary>
    public int? ActiveDeadlineSeconds { get; init; }
}
