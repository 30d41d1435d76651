using System.Text.Json.Nodes;
using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Training.Verl;

/// <summary>
/// One line of the mapping: a field of the API, verl's key, and what is written there. Most lines can be read backwards, from
/// an assignment to the field that would write it.
/// </summary>
/// <param name="Field">The field's path in the spec; a dash where no single field is the source.</param>
/// <param name="Key">verl's key; ends in <c>.*</c> where the field names the rest.</param>
/// <param name="Write">What becomes of the spec: nothing, one argument, or several.</param>
internal sealed record ArgumentRow(string Field, string Key, Func<ArgumentContext, IEnumerable<Argument>> Write)
{
    /// <summary>
    /// The way back: what the field holds when the key has this value; null where no value of the field could have written it.
    /// Whether the field then writes exactly that depends on the rest of the spec.
    /// </summary>
    public Func<Assignment, JsonNode?> Read { get; init; } = _ => null;

    /// <summary>A string that is written when it is given.</summary>
    public static ArgumentRow Text(string field, string key, Func<ArgumentContext, string?> value) =>
        Raw(field, key, context => value(context) is { } text ? HydraWriter.Text(text) : null) with { Read = ArgumentValues.Text };

    /// <summary>A list of strings.</summary>
    public static ArgumentRow List(string field, string key, Func<ArgumentContext, IEnumerable<string>> value) =>
        Raw(field, key, context => HydraWriter.List(value(context))) with { Read = ArgumentValues.Texts };

    /// <summary>A number that is written when it is given.</summary>
    public static ArgumentRow Int(string field, string key, Func<ArgumentContext, int?> value) =>
        Raw(field, key, context => value(context)?.ToString()) with { Read = ArgumentValues.Int };

    /// <summary>A switch that is written when it is given.</summary>
    public static ArgumentRow Bool(string field, string key, Func<ArgumentContext, bool?> value) =>
        Raw(field, key, context => value(context) is { } flag ? HydraWriter.Bool(flag) : null) with { Read = ArgumentValues.Bool };

    /// <summary>A decimal, which reaches verl as written.</summary>
    public static ArgumentRow Decimal(string field, string key, Func<ArgumentContext, string?> value) =>
        Raw(field, key, value) with { Read = ArgumentValues.Decimal };

    /// <summary>One of verl's own words, each for one value of an enumeration.</summary>
    /// <param name="field">The field's path in the spec.</param>
    /// <param name="key">verl's key.</param>
    /// <param name="value">What the job has; null writes nothing.</param>
    /// <param name="words">The enumeration's values, their names in the API, and verl's words for them.</param>
    public static ArgumentRow Word<T>(string field, string key, Func<ArgumentContext, T?> value, params (T Value, string Name, string Word)[] words)
        where T : struct, Enum =>
        Raw(field, key, context => value(context) is { } given ? words.FirstOrDefault(item => item.Value.Equals(given)).Word : null) with
        {
            Read = assignment => assignment.Value is HydraValue.Text text
                && words.FirstOrDefault(item => string.Equals(item.Word, text.Value, StringComparison.Ordinal)).Name is { } name
                    ? name
                    : null,
        };

    /// <summary>A value that is Hydra's own text already, and that no single field says.</summary>
    public static ArgumentRow Raw(string field, string key, Func<ArgumentContext, string?> value) =>
        new(field, key, context => value(context) is { } text ? [new Argument(key, text)] : []);

    /// <summary>This row, for some jobs only.</summary>
    public ArgumentRow When(Func<ArgumentContext, bool> applies) =>
        this with { Write = context => applies(context) ? Write(context) : [] };
}
