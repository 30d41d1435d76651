namespace GrpoOperator.Crds;

/// <summary>What is kept in host memory while it isn't needed.</summary>
public sealed record ActorOffload
{
    /// <summary>Parameters.</summary>
    public bool? Parameters { get; init; }

    /// <summary>Gradients (Megatron).</summary>
    public bool? Gradients { get; init; }

    /// <summary>Optimizer states.</summary>
    public bool? Optimizer { get; init; }
}
