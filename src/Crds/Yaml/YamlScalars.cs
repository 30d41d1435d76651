using System.Globalization;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace GrpoOperator.Crds.Yaml;

/// <summary>
/// What a scalar means to kubectl. Its library, sigs.k8s.io/yaml, resolves plain scalars by YAML 1.1:
/// <c>yes</c>, <c>on</c> and <c>y</c> are booleans, <c>0777</c> and <c>0o777</c> octal, <c>1_000</c> a number, dates stay strings.
/// </summary>
internal static partial class YamlScalars
{
    private static readonly HashSet<string> True = ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"];
    private static readonly HashSet<string> False = ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"];
    private static readonly HashSet<string> Null = ["", "~", "null", "Null", "NULL"];

    // From here on Go writes floats as 1e+21; below, a float without a fraction is written as the integer that it is.
    private const double WrittenWithExponent = 1e21;

    private static readonly HashSet<string> NotFinite =
    [
        ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF",
    ];

    /// <summary>The JSON text of a plain scalar.</summary>
    /// <exception cref="FormatException">It is a number that JSON hasn't.</exception>
    public static string Plain(string text)
    {
        if (Null.Contains(text))
            return "null";
        if (True.Contains(text))
            return "true";
        if (False.Contains(text))
            return "false";
        if (NotFinite.Contains(text))
            throw new FormatException($"{text} is no number that JSON can hold");
        return Number(text) ?? Quoted(text);
    }

    /// <summary>The JSON text of a string.</summary>
    public static string Quoted(string text) =>
        "\"" + JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text) + "\"";

    /// <summary>The JSON text of a number, null when the text is none.</summary>
    public static string? Number(string text)
    {
        if (text.Length == 0 || !(char.IsAsciiDigit(text[0]) || text[0] is '+' or '-' or '.'))
            return null;
        var plain = text.Replace("_", "", StringComparison.Ordinal);
        if (Integer(plain) is { } integer)
            return integer.ToString(CultureInfo.InvariantCulture);
        if (!FloatPattern().IsMatch(plain))
            return null;
        var number = double.Parse(plain, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsFinite(number))
            return null;
        if (double.IsInteger(number) && Math.Abs(number) < WrittenWithExponent)
            return number.ToString("F0", CultureInfo.InvariantCulture);
        return JsonNumberPattern().IsMatch(plain) ? plain : number.ToString("R", CultureInfo.InvariantCulture);
    }

    // Beyond 64 bits kubectl's library goes on to floats, which the caller does.
    private static BigInteger? Integer(string plain)
    {
        var negative = plain.StartsWith('-');
        var digits = plain.TrimStart('+', '-');
        if (digits.Length == 0 || plain.Length - digits.Length > 1)
            return null;
        var (radix, body) = digits switch
        {
            ['0', 'x' or 'X', .. var rest] => (16, rest),
            ['0', 'o' or 'O', .. var rest] => (8, rest),
            ['0', 'b' or 'B', .. var rest] => (2, rest),
            ['0', _, ..] => (8, digits),
            _ => (10, digits),
        };
        if (body.Length == 0)
            return null;
        var value = BigInteger.Zero;
        foreach (var digit in body)
        {
            var worth = char.IsAsciiHexDigit(digit) ? Convert.ToInt32(digit.ToString(), 16) : radix;
            if (worth >= radix)
                return null;
            value = (value * radix) + worth;
            // It only grows: going on would take the square of a long text's length.
            if (value > ulong.MaxValue)
                return null;
        }

        value = negative ? -value : value;
        return value >= long.MinValue && value <= ulong.MaxValue ? value : null;
    }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex FloatPattern();

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex JsonNumberPattern();
}
