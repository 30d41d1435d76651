using System.Text.RegularExpressions;

namespace GrpoOperator.Training;

/// <summary>A user's pattern over a failure's message, matched without backtracking: no text can hold a decision up.</summary>
internal static class FailurePattern
{
    /// <summary>The pattern, or null when it can't be matched that way.</summary>
    public static Regex? Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
