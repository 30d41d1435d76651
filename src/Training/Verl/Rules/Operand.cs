namespace GrpoOperator.Training.Verl.Rules;

/// <summary>
/// A positive number in a rule's arithmetic, with the name under which a user knows it. Names are made when a rule is broken,
/// which is rare, and not before.
/// </summary>
internal sealed class Operand
{
    private readonly Func<string> _name;
    private readonly Func<string>? _formula;

    /// <summary>A number that was given.</summary>
    public Operand(Func<string> name, long value)
        : this(name, value, null)
    {
    }

    private Operand(Func<string> name, long value, Func<string>? formula)
    {
        _name = name;
        _formula = formula;
        Value = value;
    }

    /// <summary>The number.</summary>
    public long Value { get; }

    /// <summary>Field, key, or what was calculated.</summary>
    public string Name => _name();

    /// <summary>The number; a calculated one with how it came about.</summary>
    public string Arithmetic => _formula is null ? $"{Value}" : $"{_formula()} = {Value}";

    /// <summary>The product of all; null when one is missing, or when it can't be held.</summary>
    public static Operand? Product(string name, params Operand?[] factors)
    {
        var value = 1L;
        foreach (var factor in factors)
        {
            if (factor is null || Math.BigMul(value, factor.Value, out var product) != 0 || product < 0)
                return null;
            value = product;
        }

        return new Operand(() => name, value, () => string.Join(" × ", factors.Select(factor => $"{factor!.Name} {factor.Value}")));
    }

    /// <summary>The whole quotient; null when there is none.</summary>
    public static Operand? Quotient(string name, Operand? dividend, Operand? divisor) =>
        dividend is not null && divisor is not null && dividend.Value % divisor.Value == 0
            ? new Operand(() => name, dividend.Value / divisor.Value, () => $"{dividend.Value} ÷ {divisor.Value}")
            : null;

    /// <summary>True when <paramref name="divisor"/> goes into this without a rest.</summary>
    public bool DividesBy(Operand divisor) => Value % divisor.Value == 0;

    /// <summary>The multiples of <paramref name="divisor"/> next to this, smaller first.</summary>
    public string NearestMultiples(Operand divisor)
    {
        var below = Value / divisor.Value * divisor.Value;
        return below == 0 ? $"{divisor.Value}" : $"{below} or {below + divisor.Value}";
    }

    /// <summary>The divisors of <paramref name="dividend"/> next to this, smaller first; nobody looks further than a few thousand.</summary>
    public string NearestDivisors(Operand dividend)
    {
        const int reach = 4096;
        var steps = Enumerable.Range(0, reach);
        var below = steps.Select(step => Value - step).Where(size => size > 0 && dividend.Value % size == 0).Take(1);
        var above = steps.Select(step => Value + step).Where(size => size <= dividend.Value && dividend.Value % size == 0).Take(1);
        return string.Join(" or ", below.Concat(above).DefaultIfEmpty(dividend.Value).Distinct());
    }

    /// <summary>Name and number; a calculated one with how it came about.</summary>
    public override string ToString() => $"{Name} {Arithmetic}";
}
