namespace GrpoOperator.Operator.Cli.Render;

/// <summary>A fact that only a cluster can tell.</summary>
/// <param name="Name">What it is, one word.</param>
/// <param name="Field">The field of the manifest that it has to do with; empty for the whole job.</param>
/// <param name="Message">What was taken in its place, and what depends on it.</param>
internal sealed record Unknown(string Name, string Field, string Message);
