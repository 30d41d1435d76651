namespace GrpoOperator.Operator.Cli.Script;

/// <summary>
/// Reads <c>[ … ]</c>, <c>test</c> and <c>[[ … ]]</c>. Files are not looked at; a comparison with something unknown is unknown.
/// </summary>
internal sealed class Condition(IReadOnlyList<Condition.Operand> operands, WordExpansion expansion, Budget budget)
{
    private readonly List<Unknown> causes = [];
    private int at;
    private int depth;

    /// <summary>The outcome.</summary>
    public Outcome Outcome()
    {
        if (operands.Count == 0)
            return new Outcome(false, []);
        var holds = Any();
        return new Outcome(at < operands.Count ? null : holds, WordExpansion.Few(causes));
    }

    private bool? Any()
    {
        var left = All();
        while (TryTake("||") || TryTake("-o"))
        {
            var right = All();
            left = left is true || right is true ? true : left is null || right is null ? null : false;
        }

        return left;
    }

    private bool? All()
    {
        var left = One();
        while (TryTake("&&") || TryTake("-a"))
        {
            var right = One();
            left = left is false || right is false ? false : left is null || right is null ? null : true;
        }

        return left;
    }

    private bool? One()
    {
        if (++depth > Budget.Depth)
            throw new ScriptException(operands[0].Value.Line, $"nested deeper than {Budget.Depth} levels");
        var holds = Primary();
        depth--;
        return holds;
    }

    private bool? Primary()
    {
        if (at >= operands.Count)
            return null;
        if (at + 2 < operands.Count && IsBinary(operands[at + 1].Value.Text))
        {
            at += 3;
            return Compare(operands[at - 3], operands[at - 2].Value.Text, operands[at - 1]);
        }

        if (TryTake("!"))
            return !One();
        if (TryTake("("))
        {
            var inner = Any();
            return TryTake(")") ? inner : null;
        }

        var first = operands[at++];
        if (first.Value.Text is ['-', var letter] && char.IsAsciiLetter(letter) && at < operands.Count && operands[at].Value.Text is not ("&&" or "||" or ")"))
            return Unary(letter, operands[at++]);
        return HasText(first);
    }

    private bool? Unary(char letter, Operand operand) => letter switch
    {
        'z' => !HasText(operand),
        'n' => HasText(operand),
        _ => null,
    };

    // A variable that nobody sets is empty, as for ${V:-…}.
    private bool? HasText(Operand operand)
    {
        if (operand.Value.Unknowns is [{ Unset: { } name }] && string.Equals(operand.Value.Text, $"${name}", StringComparison.Ordinal))
            return false;
        return IsKnown(operand.Value) ? operand.Value.Text.Length > 0 : null;
    }

    private bool? Compare(Operand left, string mark, Operand right)
    {
        if (!IsKnown(left.Value) | !IsKnown(right.Value))
            return null;
        switch (mark)
        {
            case "=" or "==" or "!=":
                budget.Work(left.Value.Line, (long)left.Value.Text.Length * (right.Pattern.Length + 1));
                return ShellPattern.Matches(right.Pattern, left.Value.Text) == (mark != "!=");
            case "<" or ">" or "=~" or "-nt" or "-ot" or "-ef":
                return null;
        }

        if (expansion.Evaluate(left.Value.Text, out _) is not { } first || expansion.Evaluate(right.Value.Text, out _) is not { } second)
            return null;
        return mark switch
        {
            "-eq" => first == second,
            "-ne" => first != second,
            "-lt" => first < second,
            "-le" => first <= second,
            "-gt" => first > second,
            _ => first >= second,
        };
    }

    private bool IsKnown(ScriptValue value)
    {
        causes.AddRange(value.Unknowns);
        return value.IsKnown;
    }

    private static bool IsBinary(string text) =>
        text is "=" or "==" or "!=" or "<" or ">" or "=~" or "-eq" or "-ne" or "-lt" or "-le" or "-gt" or "-ge" or "-nt" or "-ot" or "-ef";

    private bool TryTake(string mark)
    {
        if (at >= operands.Count || !string.Equals(operands[at].Value.Text, mark, StringComparison.Ordinal))
            return false;
        at++;
        return true;
    }

    /// <summary>A word of the condition.</summary>
    /// <param name="Value">What it stands for.</param>
    /// <param name="Pattern">The same as a pattern, which counts on the right of a comparison.</param>
    internal readonly record struct Operand(ScriptValue Value, string Pattern);
}
