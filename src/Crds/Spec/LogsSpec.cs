using System.Text.Json.Serialization;

namespace GrpoOperator.Crds;

/// <summary>Copies of the logs on a volume.</summary>
public sealed record LogsSpec
{
    /// <summary>The CRD's defaults: a parameter stands for each field whose default isn't its type's zero.</summary>
    /// <remarks>Generated JSON readers know the defaults of parameters but not those of init-only properties.</remarks>
    [JsonConstructor]
    public LogsSpec(
        int keepAttempts = 5,
        bool collectOnFailure = true)
    {
        KeepAttempts = keepAttempts;
        CollectOnFailure = collectOnFailure;
    }

    /// <summary>Absolute directory.</summary>
    public required string Directory { get; init; }

    /// <summary>Attempts whose logs are kept.</summary>
    public int KeepAttempts { get; init; }

    /// <summary>Whether Ray's and CANN's logs are copied after a failure.</summary>
    public bool CollectOnFailure { get; init; }
}
