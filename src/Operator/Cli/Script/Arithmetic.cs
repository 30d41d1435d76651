using System.Globalization;

namespace GrpoOperator.Operator.Cli.Script;

/// <summary>
/// Bash's integer expressions: 64 bits, variables by their names, the operators of C without assignments. What the shell
/// would refuse (a division by zero) and what isn't understood is unknown.
/// </summary>
internal sealed class Arithmetic
{
    // From the loosest binding to the tightest.
    private static readonly string[][] Levels =
    [
        ["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<=", ">=", "<", ">"], ["<<", ">>"], ["+", "-"], ["*", "/", "%"],
    ];

    private readonly string text;
    private readonly Func<string, long?> variable;
    private int at;
    private int depth;
    private bool isBroken;

    private Arithmetic(string text, Func<string, long?> variable) => (this.text, this.variable) = (text, variable);

    /// <summary>The value of an expression; null when it can't be known.</summary>
    /// <param name="text">The expression, its <c>$</c> expanded.</param>
    /// <param name="variable">The value of a variable; null when that can't be known.</param>
    public static long? Evaluate(string text, Func<string, long?> variable)
    {
        var expression = new Arithmetic(text, variable);
        var value = expression.Choice();
        expression.Blanks();
        return expression.isBroken || expression.at < text.Length ? null : value;
    }

    private long Choice()
    {
        if (++depth > Budget.Depth)
            return Broken();
        var condition = Binary(0);
        if (TryTake("?"))
        {
            var yes = Choice();
            if (!TryTake(":"))
                return Broken();
            var no = Choice();
            condition = condition != 0 ? yes : no;
        }

        depth--;
        return condition;
    }

    private long Binary(int level)
    {
        if (level == Levels.Length)
            return Power();
        var left = Binary(level + 1);
        while (!isBroken && Levels[level].FirstOrDefault(mark => Comes(mark, level)) is { } mark)
        {
            at += mark.Length;
            left = Apply(mark, left, Binary(level + 1));
        }

        return left;
    }

    // A single & or | is not the beginning of a double one, nor < of <<; and nothing assigns.
    private bool Comes(string mark, int level)
    {
        Blanks();
        if (!text.AsSpan(at).StartsWith(mark, StringComparison.Ordinal))
            return false;
        var next = at + mark.Length < text.Length ? text[at + mark.Length] : '\0';
        return !(mark.Length == 1 && (next == mark[0] && level is 2 or 4 or 6)) && !(next == '=' && mark is not ("==" or "!=" or "<=" or ">="));
    }

    private long Power()
    {
        var left = Unary();
        Blanks();
        if (!TryTake("**"))
            return left;
        var exponent = Power();
        if (exponent is < 0 or > 62)
            return Broken();
        var power = 1L;
        for (var left2 = exponent; left2 > 0; left2--)
            power = unchecked(power * left);
        return power;
    }

    private long Unary()
    {
        if (++depth > Budget.Depth)
            return Broken();
        Blanks();
        var value = TryTake("-") ? unchecked(-Unary()) : TryTake("+") ? Unary() : TryTake("!") ? Flag(Unary() == 0) : TryTake("~") ? ~Unary() : Operand();
        depth--;
        return value;
    }

    private long Operand()
    {
        if (TryTake("("))
        {
            var inner = Choice();
            return TryTake(")") ? inner : Broken();
        }

        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
            at++;
        var word = text[start..at];
        return word.Length == 0 ? Broken() : char.IsAsciiDigit(word[0]) ? Number(word) ?? Broken() : variable(word) ?? Broken();
    }

    /// <summary>A number as bash writes it: decimal, <c>0x</c> or octal with a leading zero; null for any other text.</summary>
    public static long? Number(string word)
    {
        if (word.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return long.TryParse(word.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) ? hex : null;
        if (word.Length > 1 && word[0] == '0')
            return word.Length <= 21 && word.AsSpan().IndexOfAnyExceptInRange('0', '7') < 0 ? word.Aggregate(0L, (value, digit) => (value * 8) + (digit - '0')) : null;
        return long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private long Apply(string mark, long left, long right) => mark switch
    {
        "||" => Flag(left != 0 || right != 0),
        "&&" => Flag(left != 0 && right != 0),
        "|" => left | right,
        "^" => left ^ right,
        "&" => left & right,
        "==" => Flag(left == right),
        "!=" => Flag(left != right),
        "<=" => Flag(left <= right),
        ">=" => Flag(left >= right),
        "<" => Flag(left < right),
        ">" => Flag(left > right),
        "<<" => left << (int)(right & 63),
        ">>" => left >> (int)(right & 63),
        "+" => unchecked(left + right),
        "-" => unchecked(left - right),
        "*" => unchecked(left * right),
        _ when right == 0 || (left == long.MinValue && right == -1) => Broken(),
        "/" => left / right,
        _ => left % right,
    };

    private static long Flag(bool value) => value ? 1 : 0;

    private long Broken()
    {
        isBroken = true;
        at = text.Length;
        return 0;
    }

    private bool TryTake(string mark)
    {
        Blanks();
        if (!text.AsSpan(at).StartsWith(mark, StringComparison.Ordinal))
            return false;
        at += mark.Length;
        return true;
    }

    private void Blanks()
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\n' or '\r')
            at++;
    }
}
