using System.Text.Json.Serialization;

namespace GrpoOperator.Crds;

/// <summary>What happens after a failure.</summary>
public sealed record FailurePolicySpec
{
    /// <summary>The CRD's defaults: a parameter stands for each field whose default isn't its type's zero.</summary>
    /// <remarks>Generated JSON readers know the defaults of parameters but not those of init-only properties.</remarks>
    [JsonConstructor]
    public FailurePolicySpec(
        int maxRestarts = 3,
        BackoffSpec? backoff = null,
        int nodeLostSeconds = 300,
        bool avoidFailedNodes = true)
    {
        MaxRestarts = maxRestarts;
        Backoff = backoff ?? new();
        NodeLostSeconds = nodeLostSeconds;
        AvoidFailedNodes = avoidFailedNodes;
    }

    /// <summary>Restarts that count.</summary>
    public int MaxRestarts { get; init; }

    /// <summary>Waiting time before a restart.</summary>
    public BackoffSpec Backoff { get; init; }

    /// <summary>Steps an attempt must advance to give the budget back; 0: off.</summary>
    public int MinStepsToReset { get; init; }

    /// <summary>The user's own rules, before the built-in table; the first match wins.</summary>
    public IReadOnlyList<FailureRule>? Rules { get; init; }

    /// <summary>Seconds after which a pod on an unreachable node is removed by force.</summary>
    public int NodeLostSeconds { get; init; }

    /// <summary>Whether next attempts stay off suspect nodes.</summary>
    public bool AvoidFailedNodes { get; init; }

    /// <summary>Seconds that failed pods stay for debugging.</summary>
    public int HoldSeconds { get; init; }
}
