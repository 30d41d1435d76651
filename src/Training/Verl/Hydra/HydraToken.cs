namespace GrpoOperator.Training.Verl.Hydra;

/// <summary>The tokens of Hydra's value grammar (its OverrideLexer, value mode).</summary>
internal enum HydraTokenKind
{
    ParenthesisOpen,
    ParenthesisClose,
    Comma,
    Colon,
    Equal,
    BracketOpen,
    BracketClose,
    BraceOpen,
    BraceClose,
    Float,
    Int,
    Bool,
    Null,
    Identifier,
    Character,
    Escape,
    Blank,
    Quoted,
    Interpolation,
}

/// <summary>One token with its text, blanks around punctuation included.</summary>
internal readonly record struct HydraToken(HydraTokenKind Kind, string Text);
