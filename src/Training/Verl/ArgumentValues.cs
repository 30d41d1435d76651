using System.Numerics;
using System.Text.Json.Nodes;
using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Training.Verl;

/// <summary>From what Hydra reads in an assignment to what a field of the API holds; null where no such field could hold it.</summary>
internal static class ArgumentValues
{
    /// <summary>A string; one with a live interpolation is none.</summary>
    public static JsonNode? Text(Assignment assignment) =>
        assignment.Value is HydraValue.Text text ? JsonValue.Create(text.Value) : null;

    /// <summary>A list of strings.</summary>
    public static JsonNode? Texts(Assignment assignment) =>
        assignment.Value is HydraValue.Sequence list && list.Items.All(item => item is HydraValue.Text)
            ? new JsonArray([.. list.Items.Cast<HydraValue.Text>().Select(item => (JsonNode)JsonValue.Create(item.Value))])
            : null;

    /// <summary>A list of strings that a single one stands for.</summary>
    public static JsonNode? TextOrTexts(Assignment assignment) =>
        Text(assignment) is { } one ? new JsonArray(one) : Texts(assignment);

    /// <summary>A whole number of 32 bits.</summary>
    public static JsonNode? Int(Assignment assignment) =>
        assignment.Value is HydraValue.Int { Value: var number } && number >= int.MinValue && number <= int.MaxValue
            ? JsonValue.Create((int)number)
            : null;

    /// <summary>A switch.</summary>
    public static JsonNode? Bool(Assignment assignment) =>
        assignment.Value is HydraValue.Bool flag ? JsonValue.Create(flag.Value) : null;

    /// <summary>A decimal string, with the digits as they were written.</summary>
    public static JsonNode? Decimal(Assignment assignment) =>
        assignment.Value?.Number is not null ? JsonValue.Create(assignment.RawValue!.Trim(' ', '\t')) : null;

    /// <summary>A scalar or a list of scalars, each as JSON's own kind of it.</summary>
    public static JsonNode? Plain(Assignment assignment)
    {
        if (assignment.Value is not HydraValue.Sequence list)
            return Scalar(assignment.Value);
        var items = list.Items.Select(Scalar).ToArray();
        return items.Contains(null) ? null : new JsonArray(items);
    }

    private static JsonValue? Scalar(HydraValue? value) => value switch
    {
        HydraValue.Text text => JsonValue.Create(text.Value),
        HydraValue.Bool flag => JsonValue.Create(flag.Value),
        HydraValue.Int { Value: var number } when BigInteger.Abs(number) <= long.MaxValue => JsonValue.Create((long)number),
        _ => null,
    };
}
