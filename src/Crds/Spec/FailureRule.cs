namespace GrpoOperator.Crds;

/// <summary>A user's rule about failures; every given part must match.</summary>
public sealed record FailureRule
{
    /// <summary>Name, shown in status and events.</summary>
    public required string Name { get; init; }

    /// <summary>Exit codes of the trainer container.</summary>
    public IReadOnlyList<int>? ExitCodes { get; init; }

    /// <summary>Launcher codes or pod reasons.</summary>
    public IReadOnlyList<string>? Reasons { get; init; }

    /// <summary>Pattern over the message, matched without backtracking.</summary>
    public string? MessagePattern { get; init; }

    /// <summary>Answer.</summary>
    public required FailureAction Action { get; init; }
}
