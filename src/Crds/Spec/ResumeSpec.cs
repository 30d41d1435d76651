namespace GrpoOperator.Crds;

/// <summary>Where the first attempt starts from.</summary>
public sealed record ResumeSpec
{
    /// <summary>Mode; null counts as <see cref="ResumeMode.Auto"/> and isn't written to verl.</summary>
    public ResumeMode? Mode { get; init; }

    /// <summary>Checkpoint directory ending in <c>/global_step_&lt;n&gt;</c>; only with <see cref="ResumeMode.FromPath"/>.</summary>
    public string? Path { get; init; }
}
