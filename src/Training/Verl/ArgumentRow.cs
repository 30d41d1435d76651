using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Training.Verl;

/// <summary>One line of the mapping: a field of the API, verl's key, and what is written there.</summary>
/// <param name="Field">The field's path in the spec; a dash where no single field is the source.</param>
/// <param name="Key">verl's key; ends in <c>.*</c> where the field names the rest.</param>
/// <param name="Write">What becomes of the spec: nothing, one argument, or several.</param>
internal sealed record ArgumentRow(string Field, string Key, Func<ArgumentContext, IEnumerable<Argument>> Write)
{
    /// <summary>A string that is written when it is given.</summary>
    public static ArgumentRow Text(string field, string key, Func<ArgumentContext, string?> value) =>
        Raw(field, key, context => value(context) is { } text ? HydraWriter.Text(text) : null);

    /// <summary>A list of strings.</summary>
    public static ArgumentRow List(string field, string key, Func<ArgumentContext, IEnumerable<string>> value) =>
        Raw(field, key, context => HydraWriter.List(value(context)));

    /// <summary>A number that is written when it is given.</summary>
    public static ArgumentRow Int(string field, string key, Func<ArgumentContext, int?> value) =>
        Raw(field, key, context => value(context)?.ToString());

    /// <summary>A switch that is written when it is given.</summary>
    public static ArgumentRow Bool(string field, string key, Func<ArgumentContext, bool?> value) =>
        Raw(field, key, context => value(context) is { } flag ? HydraWriter.Bool(flag) : null);

    /// <summary>A value that is Hydra's own text already: decimals, which reach verl as written, and verl's own words.</summary>
    public static ArgumentRow Raw(string field, string key, Func<ArgumentContext, string?> value) =>
        new(field, key, context => value(context) is { } text ? [new Argument(key, text)] : []);

    /// <summary>This row, for some jobs only.</summary>
    public ArgumentRow When(Func<ArgumentContext, bool> applies) =>
        this with { Write = context => applies(context) ? Write(context) : [] };
}
