namespace GrpoOperator.Crds.Schema;

/// <summary>A value that the CRD's schema doesn't allow.</summary>
/// <param name="Path">The value's place, such as <c>spec.env[0].name</c>.</param>
/// <param name="Message">What is wrong with it, without the place.</param>
public sealed record SchemaViolation(string Path, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Path.Length == 0 ? Message : $"{Path}: {Message}";
}
