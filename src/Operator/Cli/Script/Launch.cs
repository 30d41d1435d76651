namespace GrpoOperator.Operator.Cli.Script;

/// <summary>A place where the script starts a Python module with Hydra's arguments.</summary>
/// <param name="Line">Its line.</param>
/// <param name="Module">The module.</param>
/// <param name="Arguments">What the module gets.</param>
internal sealed record Launch(int Line, ScriptValue Module, IReadOnlyList<ScriptValue> Arguments)
{
    /// <summary>The environment that the script gives it, by name.</summary>
    public IReadOnlyDictionary<string, ScriptValue> Environment { get; init; } = new Dictionary<string, ScriptValue>(StringComparer.Ordinal);

    /// <summary>The directory that the script changed to; null when it didn't.</summary>
    public ScriptValue? WorkDir { get; init; }

    /// <summary>Why it can't be followed: a launch that only running the script would tell.</summary>
    public IReadOnlyList<Unknown> Problems { get; init; } = [];

    /// <summary>What of the command line isn't carried over.</summary>
    public IReadOnlyList<ScriptNote> Notes { get; init; } = [];
}
