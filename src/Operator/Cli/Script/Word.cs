namespace GrpoOperator.Operator.Cli.Script;

/// <summary>One word of the shell's grammar, before anything in it is expanded.</summary>
/// <param name="Line">The line where it begins, from 1.</param>
/// <param name="Parts">Its parts in order; none for an empty word.</param>
internal sealed record Word(int Line, IReadOnlyList<WordPart> Parts)
{
    /// <summary>The text of a word without quotes and expansions; null for any other.</summary>
    public string? Plain => Parts is [WordPart.Text { IsQuoted: false } only] ? only.Value : null;
}
