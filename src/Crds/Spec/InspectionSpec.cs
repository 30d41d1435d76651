using System.Text.Json;

namespace GrpoOperator.Crds;

/// <summary>The look at paths, data and image before any NPU is asked for.</summary>
public sealed record InspectionSpec
{
    /// <summary>Whether the Job runs.</summary>
    public InspectionPolicy Policy { get; init; } = InspectionPolicy.Always;

    /// <summary>Image; null: the job's.</summary>
    public string? Image { get; init; }

    /// <summary>Container resources, as in a pod.</summary>
    public JsonElement? Resources { get; init; }

    /// <summary>Pod-template overlay.</summary>
    public JsonElement? Template { get; init; }
}
