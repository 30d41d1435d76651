using System.Numerics;
using System.Text.Json;

namespace GrpoOperator.Training.Verl.Hydra;

/// <summary>JSON values as Hydra's.</summary>
public static class HydraJson
{
    /// <summary>The value that <paramref name="json"/> stands for; strings are taken as they are, without interpolation.</summary>
    public static HydraValue Value(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => new HydraValue.Bool(json.GetBoolean()),
        JsonValueKind.Number when IsInt(json) => new HydraValue.Int(BigInteger.Parse(json.GetRawText())),
        JsonValueKind.Number => new HydraValue.Float(json.GetDouble()),
        JsonValueKind.String => new HydraValue.Text(json.GetString()!),
        JsonValueKind.Array => new HydraValue.Sequence([.. json.EnumerateArray().Select(Value)]),
        JsonValueKind.Object => new HydraValue.Mapping(
            json.EnumerateObject().ToDictionary(member => member.Name, member => Value(member.Value), StringComparer.Ordinal)),
        _ => new HydraValue.Null(),
    };

    /// <summary>
    /// The text that Hydra reads as <paramref name="json"/>: numbers with the digits they came with, strings quoted where
    /// needed, lists of such. Null for an object, or a list that holds one or another list: those have no place in an argument.
    /// </summary>
    public static string? Write(JsonElement json)
    {
        if (json.ValueKind is not JsonValueKind.Array)
            return Scalar(json);
        var items = json.EnumerateArray().Select(Scalar).ToList();
        return items.Contains(null) ? null : $"[{string.Join(',', items)}]";
    }

    private static string? Scalar(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => HydraWriter.Bool(json.GetBoolean()),
        JsonValueKind.Number => json.GetRawText(),
        JsonValueKind.String => HydraWriter.Text(json.GetString()!),
        JsonValueKind.Null => "null",
        _ => null,
    };

    private static bool IsInt(JsonElement json) => json.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0;
}
