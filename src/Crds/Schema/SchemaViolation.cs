namespace GrpoOperator.Crds.Schema;

/// <summary>How a value doesn't fit its schema.</summary>
public enum SchemaProblem
{
    /// <summary>A field that the schema doesn't have; everything else may be as it should.</summary>
    UnknownField,

    /// <summary>A value that can't stand there, or one that is missing.</summary>
    Value,
}

/// <summary>A value that the CRD's schema doesn't allow.</summary>
/// <param name="Path">The value's place, such as <c>spec.env[0].name</c>.</param>
/// <param name="Message">What is wrong with it, without the place.</param>
/// <param name="Problem">How it doesn't fit.</param>
public sealed record SchemaViolation(string Path, string Message, SchemaProblem Problem = SchemaProblem.Value)
{
    /// <inheritdoc/>
    public override string ToString() => Path.Length == 0 ? Message : $"{Path}: {Message}";
}
