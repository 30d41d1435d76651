namespace GrpoOperator.Training.Verl.Figures;

/// <summary>A number that follows from a job's spec.</summary>
/// <param name="Name">What it is, in one word.</param>
/// <param name="Text">The fields, their values and the arithmetic; or why it isn't known.</param>
public sealed record Figure(string Name, string Text);
