namespace GrpoOperator.Crds;

/// <summary>Parallel sizes of actor or reference; null: verl's default for the actor, the actor's for the reference.</summary>
public sealed record ModelParallelism
{
    /// <summary>Tensor parallel size (Megatron).</summary>
    public int? Tensor { get; init; }

    /// <summary>Pipeline parallel size (Megatron).</summary>
    public int? Pipeline { get; init; }

    /// <summary>Context parallel size (Megatron).</summary>
    public int? Context { get; init; }

    /// <summary>Expert parallel size (Megatron).</summary>
    public int? Expert { get; init; }

    /// <summary>Tensor parallel size inside experts (Megatron); counts as <see cref="Tensor"/> when null.</summary>
    public int? ExpertTensor { get; init; }

    /// <summary>Ulysses sequence parallel size (FSDP).</summary>
    public int? Ulysses { get; init; }
}
