namespace GrpoOperator.Crds;

/// <summary>Custom reward function.</summary>
public sealed record RewardSpec
{
    /// <summary>Python file with the function.</summary>
    public required string Path { get; init; }

    /// <summary>Name of the function; null: verl's <c>compute_score</c>.</summary>
    public string? FunctionName { get; init; }
}
