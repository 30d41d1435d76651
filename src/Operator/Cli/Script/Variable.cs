namespace GrpoOperator.Operator.Cli.Script;

/// <summary>A variable of the script.</summary>
/// <param name="Items">Its values; one for a plain variable.</param>
/// <param name="IsArray">True for an array.</param>
/// <param name="IsExported">True when commands see it in their environment.</param>
internal sealed record Variable(IReadOnlyList<ScriptValue> Items, bool IsArray = false, bool IsExported = false)
{
    /// <summary>A plain variable.</summary>
    public Variable(ScriptValue value)
        : this([value])
    {
    }

    /// <summary>True when both stand for the same, as far as that is known.</summary>
    public static bool Same(Variable? left, Variable? right) =>
        left is null || right is null
            ? left is null && right is null
            : left.IsArray == right.IsArray && left.IsExported == right.IsExported
                && left.Items.Select(Part).SequenceEqual(right.Items.Select(Part));

    private static (string, bool) Part(ScriptValue value) => (value.Text, value.IsKnown);
}
