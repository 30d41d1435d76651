namespace GrpoOperator.Crds;

/// <summary>Where NPU time went, in NPU seconds.</summary>
public sealed record NpuSeconds
{
    /// <summary>In steps that were kept.</summary>
    public long Productive { get; init; }

    /// <summary>In work that was thrown away.</summary>
    public long Lost { get; init; }

    /// <summary>Bound but not training.</summary>
    public long Waiting { get; init; }
}
