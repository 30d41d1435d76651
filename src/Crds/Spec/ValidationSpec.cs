namespace GrpoOperator.Crds;

/// <summary>Rules that are only warned of.</summary>
public sealed record ValidationSpec
{
    /// <summary>Names of verl, Ascend and inspection rules.</summary>
    public IReadOnlyList<string>? Ignore { get; init; }
}
