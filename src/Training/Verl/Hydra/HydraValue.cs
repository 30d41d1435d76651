using System.Numerics;

namespace GrpoOperator.Training.Verl.Hydra;

/// <summary>
/// A value as Hydra 1.3 reads it from the command line. Two values are equal when Hydra would hand verl the same thing:
/// <c>true</c> equals <c>True</c>, <c>1e-6</c> equals <c>0.000001</c>; <c>1</c> (an int) differs from <c>1.0</c> (a float).
/// </summary>
public abstract record HydraValue
{
    private HydraValue()
    {
    }

    /// <summary>The value when it is a number, exact for ints; null for everything else.</summary>
    public virtual double? Number => null;

    /// <summary><c>null</c>, Python's None.</summary>
    public sealed record Null : HydraValue;

    /// <summary>A boolean.</summary>
    /// <param name="Value">The boolean.</param>
    public sealed record Bool(bool Value) : HydraValue;

    /// <summary>An integer of any size.</summary>
    /// <param name="Value">The integer.</param>
    public sealed record Int(BigInteger Value) : HydraValue
    {
        /// <inheritdoc/>
        public override double? Number => (double)Value;
    }

    /// <summary>A double, possibly infinite or not a number.</summary>
    /// <param name="Value">The double.</param>
    public sealed record Float(double Value) : HydraValue
    {
        /// <inheritdoc/>
        public override double? Number => Value;
    }

    /// <summary>A string without live interpolation, as verl would see it.</summary>
    /// <param name="Value">The string, quotes and escapes removed.</param>
    public sealed record Text(string Value) : HydraValue;

    /// <summary>A string with a live <c>${…}</c>: what it stands for depends on the rest of the configuration.</summary>
    /// <param name="Raw">The string with its <c>${…}</c>.</param>
    public sealed record Interpolation(string Raw) : HydraValue;

    /// <summary>A list; equal when all elements are, in order.</summary>
    /// <param name="Items">The elements.</param>
    public sealed record Sequence(IReadOnlyList<HydraValue> Items) : HydraValue
    {
        /// <inheritdoc/>
        public bool Equals(Sequence? other) => other is not null && Items.SequenceEqual(other.Items);

        /// <inheritdoc/>
        public override int GetHashCode() => Items.Aggregate(17, HashCode.Combine);
    }

    /// <summary>A dict; equal when the same keys have equal values, whatever the order.</summary>
    /// <param name="Items">Keys as text, with their values.</param>
    public sealed record Mapping(IReadOnlyDictionary<string, HydraValue> Items) : HydraValue
    {
        /// <inheritdoc/>
        public bool Equals(Mapping? other) =>
            other is not null
            && Items.Count == other.Items.Count
            && Items.All(item => other.Items.TryGetValue(item.Key, out var value) && item.Value.Equals(value));

        /// <inheritdoc/>
        public override int GetHashCode() =>
            Items.Aggregate(Items.Count, (hash, item) => hash ^ HashCode.Combine(item.Key, item.Value));
    }
}
