namespace GrpoOperator.Operator.Cli;

/// <summary>Where a command reads and writes.</summary>
/// <param name="Input">Opens the standard input.</param>
/// <param name="Output">What was asked for.</param>
/// <param name="Error">What else is to be said.</param>
internal sealed record CommandStreams(Func<Stream> Input, TextWriter Output, TextWriter Error);
