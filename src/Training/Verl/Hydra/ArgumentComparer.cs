using System.Diagnostics.CodeAnalysis;

namespace GrpoOperator.Training.Verl.Hydra;

/// <summary>
/// Compares arguments of a trainer as Hydra reads them: two that are both overrides are equal when the assignments are,
/// all others when the texts are.
/// </summary>
public sealed class ArgumentComparer : IEqualityComparer<string>
{
    /// <summary>The comparer; it has no state.</summary>
    public static ArgumentComparer Instance { get; } = new();

    /// <inheritdoc/>
    public bool Equals(string? x, string? y) =>
        string.Equals(x, y, StringComparison.Ordinal)
        || (x is not null && y is not null && Assignment.Read(x).Result is { } left && left.Equals(Assignment.Read(y).Result));

    /// <inheritdoc/>
    public int GetHashCode([DisallowNull] string obj) =>
        Assignment.Read(obj).Result?.GetHashCode() ?? StringComparer.Ordinal.GetHashCode(obj);
}
