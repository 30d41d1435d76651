namespace GrpoOperator.Operator.Cli.Script;

/// <summary>A piece of a word.</summary>
/// <param name="IsQuoted">True inside quotes, where nothing is split and no pattern or brace is special.</param>
internal abstract record WordPart(bool IsQuoted)
{
    /// <summary>Text as it stands, quotes and backslashes removed.</summary>
    public sealed record Text(string Value, bool IsQuoted) : WordPart(IsQuoted);

    /// <summary><c>$NAME</c> or <c>${NAME…}</c>.</summary>
    /// <param name="Line">The line where it stands.</param>
    /// <param name="Name">A variable, a number, or one of the special parameters.</param>
    /// <param name="IsQuoted">True inside quotes.</param>
    public sealed record Parameter(int Line, string Name, bool IsQuoted) : WordPart(IsQuoted)
    {
        /// <summary>What stands in brackets: <c>@</c>, <c>*</c> or an expression; null without.</summary>
        public string? Index { get; init; }

        /// <summary>True for <c>${#NAME}</c>.</summary>
        public bool IsLength { get; init; }

        /// <summary>True for <c>${!NAME}</c>, the variable that the variable names.</summary>
        public bool IsIndirect { get; init; }

        /// <summary>The operator after the name, such as <c>:-</c> or <c>%%</c>; empty without.</summary>
        public string Operator { get; init; } = "";

        /// <summary>The word after the operator.</summary>
        public Word? Argument { get; init; }

        /// <summary>The second word of a replacement, and the length of a slice.</summary>
        public Word? Second { get; init; }
    }

    /// <summary><c>$(…)</c>, <c>`…`</c> or <c>&lt;(…)</c>: the output of a command.</summary>
    /// <param name="Line">The line where it stands.</param>
    /// <param name="Source">The command's text.</param>
    /// <param name="IsQuoted">True inside quotes.</param>
    public sealed record Command(int Line, string Source, bool IsQuoted) : WordPart(IsQuoted);

    /// <summary><c>$((…))</c>.</summary>
    /// <param name="Line">The line where it stands.</param>
    /// <param name="Expression">What stands inside.</param>
    /// <param name="IsQuoted">True inside quotes.</param>
    public sealed record Arithmetic(int Line, Word Expression, bool IsQuoted) : WordPart(IsQuoted);
}
