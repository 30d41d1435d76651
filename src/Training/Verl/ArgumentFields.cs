using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Training.Verl;

/// <summary>The mapping of <see cref="Arguments"/> read backwards: which fields may have written an assignment.</summary>
public static class ArgumentFields
{
    private static readonly ILookup<string, ArgumentRow> ByKey = ArgumentTable.All.ToLookup(row => row.Key, StringComparer.Ordinal);

    /// <summary>
    /// The fields that write the assignment's key, each with the value that it would hold; none where the key is no field's or
    /// the value no field could hold. Strategy, version and the other fields decide which of them really writes it: only
    /// <see cref="Arguments.For"/> tells.
    /// </summary>
    public static IEnumerable<FieldValue> Of(Assignment assignment)
    {
        foreach (var row in ByKey[assignment.Key])
        {
            if (row.Read(assignment) is { } value)
                yield return new FieldValue(row.Field.Split('.'), value);
        }

        if (EntryOf(TransformerConfig.Key, assignment.Key) is { } name && TransformerConfig.Row.Read(assignment) is { } entry)
            yield return new FieldValue([.. TransformerConfig.Row.Field.Split('.'), name], entry);
    }

    private static string? EntryOf(string parent, string key) =>
        key.Length > parent.Length + 1 && key[parent.Length] == '.' && key.StartsWith(parent, StringComparison.Ordinal)
            && key.IndexOf('.', parent.Length + 1) < 0
            ? key[(parent.Length + 1)..]
            : null;
}
