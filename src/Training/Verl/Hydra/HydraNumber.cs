using System.Globalization;
using System.Numerics;

namespace GrpoOperator.Training.Verl.Hydra;

/// <summary>Hydra's numbers: ints without leading zeros, floats as in Python, single underscores between digits.</summary>
internal static class HydraNumber
{
    /// <summary>The length of the int at the start; 0 for none.</summary>
    public static int IntLength(ReadOnlySpan<char> text)
    {
        var sign = Sign(text);
        var digits = UnsignedInt(text[sign..]);
        return digits == 0 ? 0 : sign + digits;
    }

    /// <summary>The length of the longest float at the start; 0 for none.</summary>
    public static int FloatLength(ReadOnlySpan<char> text)
    {
        var sign = Sign(text);
        var rest = text[sign..];
        if (rest.StartsWith("inf", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("nan", StringComparison.OrdinalIgnoreCase))
            return sign + 3;
        var point = PointFloat(rest);
        var exponent = ExponentFloat(rest, Math.Max(point, UnsignedInt(rest)));
        var length = Math.Max(point, exponent);
        return length == 0 ? 0 : sign + length;
    }

    /// <summary>The value of a text that <see cref="IntLength"/> took whole.</summary>
    public static BigInteger Int(string text) => BigInteger.Parse(WithoutUnderscores(text), NumberStyles.AllowLeadingSign);

    /// <summary>The value of a text that <see cref="FloatLength"/> took whole; infinite where a double can't hold it.</summary>
    public static double Float(string text)
    {
        var unsigned = text.AsSpan(Sign(text));
        if (unsigned.Equals("nan", StringComparison.OrdinalIgnoreCase))
            return double.NaN;
        if (unsigned.Equals("inf", StringComparison.OrdinalIgnoreCase))
            return text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        return double.Parse(WithoutUnderscores(text), NumberStyles.Float);
    }

    private static int Sign(ReadOnlySpan<char> text) => text is ['+' or '-', ..] ? 1 : 0;

    private static int UnsignedInt(ReadOnlySpan<char> text) => text is ['0', ..] ? 1 : Digits(text);

    private static int PointFloat(ReadOnlySpan<char> text)
    {
        var whole = UnsignedInt(text);
        if (whole == text.Length || text[whole] != '.')
            return 0;
        var fraction = Digits(text[(whole + 1)..]);
        return whole + fraction == 0 ? 0 : whole + 1 + fraction;
    }

    private static int ExponentFloat(ReadOnlySpan<char> text, int mantissa)
    {
        if (mantissa == 0 || mantissa == text.Length || text[mantissa] is not ('e' or 'E'))
            return 0;
        var sign = Sign(text[(mantissa + 1)..]);
        var digits = Digits(text[(mantissa + 1 + sign)..]);
        return digits == 0 ? 0 : mantissa + 1 + sign + digits;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length)
        {
            if (char.IsAsciiDigit(text[length]))
                length++;
            else if (length > 0 && text[length] == '_' && length + 1 < text.Length && char.IsAsciiDigit(text[length + 1]))
                length += 2;
            else
                break;
        }

        return length;
    }

    private static string WithoutUnderscores(string number) => number.Replace("_", "", StringComparison.Ordinal);
}
