using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>A key that an override decides over.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">Its new value; null when the key is taken out.</param>
internal readonly record struct AssignedKey(string Key, HydraValue? Value);

/// <summary>The keys behind an override: a dict sets those that it names, and leaves the others alone.</summary>
internal static class AssignedKeys
{
    public static IEnumerable<AssignedKey> Of(Assignment assignment) =>
        assignment.Sign is AssignmentSign.Delete
            ? [new AssignedKey(assignment.Key, null)]
            : Leaves(assignment.Key, assignment.Value!);

    /// <summary>True when an assignment to <paramref name="assigned"/> changes <paramref name="key"/>, a key around it or in it.</summary>
    public static bool Touches(string assigned, string key) =>
        string.Equals(assigned, key, StringComparison.Ordinal)
        || key.StartsWith(assigned + ".", StringComparison.Ordinal)
        || assigned.StartsWith(key + ".", StringComparison.Ordinal);

    private static IEnumerable<AssignedKey> Leaves(string key, HydraValue value) =>
        value is HydraValue.Mapping mapping
            ? mapping.Items.SelectMany(item => Leaves($"{key}.{item.Key}", item.Value))
            : [new AssignedKey(key, value)];
}
