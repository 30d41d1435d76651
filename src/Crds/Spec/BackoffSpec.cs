using System.Text.Json.Serialization;

namespace GrpoOperator.Crds;

/// <summary>Waiting time before a restart: initial × 2ⁿ with jitter, capped.</summary>
public sealed record BackoffSpec
{
    /// <summary>The CRD's defaults: a parameter stands for each field whose default isn't its type's zero.</summary>
    /// <remarks>Generated JSON readers know the defaults of parameters but not those of init-only properties.</remarks>
    [JsonConstructor]
    public BackoffSpec(
        int initialSeconds = 10,
        int maxSeconds = 300)
    {
        InitialSeconds = initialSeconds;
        MaxSeconds = maxSeconds;
    }

    /// <summary>Seconds before the first restart.</summary>
    public int InitialSeconds { get; init; }

    /// <summary>Seconds at most.</summary>
    public int MaxSeconds { get; init; }
}
