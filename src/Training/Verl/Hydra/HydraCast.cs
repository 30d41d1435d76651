using System.Globalization;
using System.Numerics;

namespace GrpoOperator.Training.Verl.Hydra;

/// <summary>Hydra's cast functions; its other functions make sweeps, which a single run refuses.</summary>
internal static class HydraCast
{
    public static HydraReading<HydraValue> Apply(string name, IReadOnlyList<HydraValue> arguments)
    {
        if (name is "choice" or "range" or "interval" or "glob" or "shuffle" or "sort" or "tag")
            return HydraReading<HydraValue>.Refused($"{name}(…) makes a sweep");
        if (name is not ("str" or "int" or "float" or "bool"))
            return HydraReading<HydraValue>.Refused($"unknown function '{name}'");
        if (arguments.Count != 1)
            return HydraReading<HydraValue>.Refused($"{name}(…) takes one value");
        HydraValue? cast = name switch
        {
            "str" => Str(arguments[0]),
            "int" => Int(arguments[0]),
            "float" => Float(arguments[0]),
            _ => Bool(arguments[0]),
        };
        return cast is null ? HydraReading<HydraValue>.Refused($"{name}(…) can't cast its value") : cast;
    }

    private static HydraValue.Text? Str(HydraValue value) => value switch
    {
        HydraValue.Null => new("null"),
        HydraValue.Bool flag => new(flag.Value ? "true" : "false"),
        HydraValue.Int number => new(number.Value.ToString()),
        HydraValue.Float number => new(number.Value.ToString("R")),
        HydraValue.Text text => text,
        _ => null,
    };

    private static HydraValue.Int? Int(HydraValue value) => value switch
    {
        HydraValue.Bool flag => new(flag.Value ? 1 : 0),
        HydraValue.Int number => number,
        HydraValue.Float number when double.IsFinite(number.Value) => new(new BigInteger(Math.Truncate(number.Value))),
        HydraValue.Text text when BigInteger.TryParse(text.Value, NumberStyles.AllowLeadingSign, null, out var number) => new(number),
        _ => null,
    };

    private static HydraValue.Float? Float(HydraValue value) => value switch
    {
        HydraValue.Bool flag => new(flag.Value ? 1 : 0),
        HydraValue.Text text when double.TryParse(text.Value, NumberStyles.Float, null, out var number) => new(number),
        _ => value.Number is { } number ? new(number) : null,
    };

    private static HydraValue.Bool? Bool(HydraValue value) => value switch
    {
        HydraValue.Bool flag => flag,
        HydraValue.Text { Value: var text } when bool.TryParse(text, out var flag) => new(flag),
        _ => value.Number is { } number ? new(number != 0) : null,
    };
}
