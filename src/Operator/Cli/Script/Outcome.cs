namespace GrpoOperator.Operator.Cli.Script;

/// <summary>How a command ends.</summary>
/// <param name="Succeeds">Its success; null when only running it would tell.</param>
/// <param name="Causes">Why it isn't known, as far as that is a value's fault.</param>
internal readonly record struct Outcome(bool? Succeeds, IReadOnlyList<Unknown> Causes)
{
    /// <summary>Success.</summary>
    public static Outcome Success { get; } = new(true, []);

    /// <summary>Not known.</summary>
    public static Outcome NotKnown { get; } = new(null, []);

    /// <summary>The opposite.</summary>
    public Outcome Negated => this with { Succeeds = !Succeeds };
}
