namespace GrpoOperator.Operator.Cli;

/// <summary>Exit codes of the commands.</summary>
internal static class ExitCodes
{
    /// <summary>All is well.</summary>
    public const int Fine = 0;

    /// <summary>The call is right, what it speaks of isn't: a job breaks a rule, or a text can't be read.</summary>
    public const int WrongJob = 1;

    /// <summary>The call itself is wrong.</summary>
    public const int WrongCall = 2;
}
