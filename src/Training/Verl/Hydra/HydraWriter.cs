using System.Collections.Frozen;
using System.Text;

namespace GrpoOperator.Training.Verl.Hydra;

/// <summary>
/// Writes values for the right side of an override so that Hydra reads back exactly what was meant. Strings that Hydra would
/// take for something else are put in single quotes.
/// </summary>
public static class HydraWriter
{
    private static readonly FrozenSet<string> Words =
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "true", "false", "null", "inf", "nan");

    /// <summary>A boolean, in Python's spelling as verl's own scripts write it.</summary>
    public static string Bool(bool value) => value ? "True" : "False";

    /// <summary>
    /// A string, in quotes where needed. Two can't be written, see <see cref="IsWritable"/>: what comes out for them is read
    /// as something else.
    /// </summary>
    public static string Text(string value) => IsPlain(value) ? value : Quote(value);

    /// <summary>A list of strings, each written by the rule of <see cref="Text"/>.</summary>
    public static string List(IEnumerable<string> values) => $"[{string.Join(',', values.Select(Text))}]";

    /// <summary>False for <c>???</c>, OmegaConf's mark of a missing value, and for strings with a NUL, which no argument can hold.</summary>
    public static bool IsWritable(string value) =>
        !string.Equals(value, "???", StringComparison.Ordinal) && !value.Contains('\0', StringComparison.Ordinal);

    // Two readers follow each other: Hydra halves backslashes before a quote or the end, OmegaConf halves those before ${ and
    // takes ${ as text after an odd number of them.
    private static string Quote(string value)
    {
        var quoted = new StringBuilder("'", value.Length + 8);
        for (var at = 0; at < value.Length;)
        {
            var run = HydraText.BackslashesAt(value, at);
            var rest = value.AsSpan(at + run);
            var interpolates = rest.StartsWith("${", StringComparison.Ordinal);
            quoted.Append('\\', interpolates ? (2 * run) + 1 : rest is [] or ['\'', ..] ? 2 * run : run);
            if (rest is ['\'', ..])
                quoted.Append('\\');
            if (rest is [var next, ..])
                quoted.Append(next);
            at += run + 1;
        }

        return quoted.Append('\'').ToString();
    }

    // Read as a boolean, null or number although every character is harmless.
    private static bool IsPlain(string value) =>
        value.Length > 0
        && (char.IsAsciiLetter(value[0]) || value[0] is '_' or '/' or '.')
        && value.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '/' or '-')
        && !Words.Contains(value)
        && !(value.Length > 1 && value[0] == '.' && char.IsAsciiDigit(value[1]));
}
