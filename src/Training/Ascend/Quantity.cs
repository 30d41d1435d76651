using System.Globalization;

namespace GrpoOperator.Training.Ascend;

/// <summary>Kubernetes' quantities: <c>64</c>, <c>500m</c>, <c>1.5</c>, <c>64Gi</c>, <c>1e3</c>.</summary>
public static class Quantity
{
    private static readonly (string Suffix, decimal Factor)[] Suffixes =
    [
        ("Ki", 1L << 10), ("Mi", 1L << 20), ("Gi", 1L << 30), ("Ti", 1L << 40), ("Pi", 1L << 50), ("Ei", 1L << 60),
        ("n", 1e-9m), ("u", 1e-6m), ("m", 1e-3m),
        ("k", 1e3m), ("M", 1e6m), ("G", 1e9m), ("T", 1e12m), ("P", 1e15m), ("E", 1e18m),
    ];

    /// <summary>The number that <paramref name="text"/> stands for; null when the API server would refuse it, or a decimal can't hold it.</summary>
    public static decimal? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        var (number, factor) = (text, 1m);
        foreach (var (suffix, value) in Suffixes)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal))
            {
                (number, factor) = (text[..^suffix.Length], value);
                break;
            }
        }

        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (!decimal.TryParse(number, factor is 1m ? style | NumberStyles.AllowExponent : style, null, out var parsed))
            return null;
        try
        {
            return parsed * factor;
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}
