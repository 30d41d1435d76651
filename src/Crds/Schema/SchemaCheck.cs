using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GrpoOperator.Crds.Schema;

/// <summary>One walk over an object along the keywords that our CRD uses.</summary>
internal sealed class SchemaCheck(Func<string, string?> written)
{
    /// <summary>Violations that are told of one object: nobody reads more, and a text could hold a hundred thousand.</summary>
    public const int Most = 100;

    private const string KeepUnknown = "x-kubernetes-preserve-unknown-fields";

    // Compiling one takes longer than matching a thousand texts, and .NET's own cache is smaller than our schema.
    private static readonly ConcurrentDictionary<string, Regex> Patterns = new(StringComparer.Ordinal);

    private readonly List<SchemaViolation> violations = [];

    public IReadOnlyList<SchemaViolation> Violations => violations;

    public void Value(JsonElement value, JsonElement schema, string path)
    {
        // The server takes null as "not given".
        if (value.ValueKind == JsonValueKind.Null || violations.Count >= Most)
            return;
        if (schema.TryGetProperty("x-kubernetes-int-or-string", out _))
        {
            IntegerOrString(value, schema, path);
            return;
        }

        var type = schema.TryGetProperty("type", out var declared) ? declared.GetString() : null;
        switch (type, value.ValueKind)
        {
            case ("object", JsonValueKind.Object):
                Object(value, schema, path);
                break;
            case ("array", JsonValueKind.Array):
                Array(value, schema, path);
                break;
            case ("string", JsonValueKind.String):
                Text(value.GetString()!, schema, path);
                break;
            case ("integer", JsonValueKind.Number) when value.TryGetInt64(out var number):
                Number(number, schema, path);
                break;
            case ("boolean", JsonValueKind.True or JsonValueKind.False):
            case (null, _):
                break;
            default:
                Add(path, Mismatch(type!, value, written(path) ?? value.GetRawText()));
                break;
        }
    }

    private void Object(JsonElement value, JsonElement schema, string path)
    {
        var hasProperties = schema.TryGetProperty("properties", out var properties);
        var hasOthers = schema.TryGetProperty("additionalProperties", out var others);
        var open = schema.TryGetProperty(KeepUnknown, out _) || (path == "metadata" && !hasProperties);
        foreach (var member in value.EnumerateObject().TakeWhile(_ => violations.Count < Most))
        {
            var at = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (hasProperties && properties.TryGetProperty(member.Name, out var known))
                Value(member.Value, known, at);
            else if (hasOthers)
                Value(member.Value, others, at);
            else if (!open)
                Add(at, Unknown(member.Name, properties), SchemaProblem.UnknownField);
        }

        if (schema.TryGetProperty("maxProperties", out var most) && value.EnumerateObject().Count() > most.GetInt32())
            Add(path, $"has more than {most.GetInt32()} entries");
        if (!schema.TryGetProperty("required", out var required))
            return;
        foreach (var name in required.EnumerateArray().Select(r => r.GetString()!))
        {
            if (!value.TryGetProperty(name, out var given) || given.ValueKind == JsonValueKind.Null)
                Add(path.Length == 0 ? name : $"{path}.{name}", "is required");
        }
    }

    private void Array(JsonElement value, JsonElement schema, string path)
    {
        var count = value.GetArrayLength();
        if (schema.TryGetProperty("minItems", out var least) && count < least.GetInt32())
            Add(path, $"has fewer than {least.GetInt32()} items");
        if (schema.TryGetProperty("maxItems", out var most) && count > most.GetInt32())
            Add(path, $"has more than {most.GetInt32()} items");
        var i = 0;
        foreach (var item in value.EnumerateArray())
            Value(item, schema.GetProperty("items"), $"{path}[{i++}]");
        foreach (var twice in ItemKeys(value, schema).GroupBy(k => k, StringComparer.Ordinal).Where(g => g.Count() > 1))
            Add(path, $"{twice.Key} stands twice");
    }

    private static IEnumerable<string> ItemKeys(JsonElement list, JsonElement schema)
    {
        var type = schema.TryGetProperty("x-kubernetes-list-type", out var given) ? given.GetString() : "atomic";
        if (type == "set")
            return list.EnumerateArray().Select(i => i.GetRawText());
        if (type != "map")
            return [];
        var keys = schema.GetProperty("x-kubernetes-list-map-keys").EnumerateArray().Select(k => k.GetString()!).ToList();
        return list.EnumerateArray()
            .Where(i => i.ValueKind == JsonValueKind.Object && keys.TrueForAll(k => i.TryGetProperty(k, out _)))
            .Select(i => string.Join(", ", keys.Select(k => $"{k} {i.GetProperty(k).GetRawText()}")));
    }

    private void IntegerOrString(JsonElement value, JsonElement schema, string path)
    {
        if (value.ValueKind == JsonValueKind.String)
            Text(value.GetString()!, schema, path);
        else if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out _))
            Add(path, "must be an integer or a string");
    }

    private void Text(string text, JsonElement schema, string path)
    {
        if (schema.TryGetProperty("enum", out var allowed) && !allowed.EnumerateArray().Any(a => a.GetString() == text))
            Add(path, $"\"{text}\" is none of {string.Join(", ", allowed.EnumerateArray().Select(a => a.GetString()))}");
        if (schema.TryGetProperty("minLength", out var least) && Runes(text) < least.GetInt32())
            Add(path, least.GetInt32() == 1 ? "must not be empty" : $"has fewer than {least.GetInt32()} characters");
        if (schema.TryGetProperty("maxLength", out var most) && Runes(text) > most.GetInt32())
            Add(path, $"has more than {most.GetInt32()} characters");
        if (schema.TryGetProperty("pattern", out var pattern) && !Matches(text, pattern.GetString()!))
            Add(path, $"\"{text}\" doesn't match {pattern.GetString()}");
    }

    // The server's $ is the end of the text; .NET's also stands before a last line break.
    private static bool Matches(string text, string pattern) => Patterns.GetOrAdd(pattern, written => new Regex(
        written.EndsWith('$') ? written[..^1] + "\\z" : written,
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking,
        Timeout.InfiniteTimeSpan)).IsMatch(text);

    private void Number(long number, JsonElement schema, string path)
    {
        if (schema.TryGetProperty("minimum", out var least) && number < least.GetInt64())
            Add(path, $"{number} is below {least.GetInt64()}");
        if (schema.TryGetProperty("maximum", out var most) && number > most.GetInt64())
            Add(path, $"{number} is above {most.GetInt64()}");
    }

    private static int Runes(string text) => text.EnumerateRunes().Count();

    private static string Mismatch(string type, JsonElement value, string source) => (type, value.ValueKind) switch
    {
        ("string", JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False) =>
            $"must be a string: write \"{source}\" with its quotes",
        ("integer", JsonValueKind.Number) => $"must be a whole number, {value.GetRawText()} is none",
        ("integer" or "boolean", JsonValueKind.String) => $"must be {(type == "integer" ? "an integer" : "true or false")}, without quotes",
        _ => $"must be {(type[0] is 'o' or 'i' or 'a' ? "an" : "a")} {type}, is {value.ValueKind.ToString().ToLower(CultureInfo.InvariantCulture)}",
    };

    private static string Unknown(string name, JsonElement properties)
    {
        var known = properties.ValueKind == JsonValueKind.Object ? properties.EnumerateObject().Select(p => p.Name) : [];
        return NearestName.Of(name, known) is { } near ? $"is no known field; {near} is" : "is no known field";
    }

    private void Add(string path, string message, SchemaProblem problem = SchemaProblem.Value)
    {
        if (violations.Count < Most)
            violations.Add(new SchemaViolation(path, message, problem));
    }
}
