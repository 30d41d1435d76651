using System.Text.Json.Nodes;

namespace GrpoOperator.Training.Verl;

/// <summary>A field of the spec with the value that an assignment asks of it.</summary>
/// <param name="Path">The names from the spec down to the field.</param>
/// <param name="Value">What it would hold.</param>
public sealed record FieldValue(IReadOnlyList<string> Path, JsonNode Value)
{
    /// <inheritdoc/>
    public override string ToString() => string.Join('.', Path);
}
