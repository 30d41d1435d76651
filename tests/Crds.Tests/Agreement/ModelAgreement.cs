using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace GrpoOperator.Crds.Tests.Agreement;

/// <summary>Compares a schema with a C# type in both directions and lists every difference.</summary>
internal sealed class ModelAgreement
{
    private const string KeepUnknown = "x-kubernetes-preserve-unknown-fields";
    private static readonly JsonSerializerOptions Options = CrdJsonContext.Default.Options;
    private readonly List<string> differences = [];
    private readonly NullabilityInfoContext nullability = new();

    public static IReadOnlyList<string> Differences(JsonNode schema, Type type)
    {
        var agreement = new ModelAgreement();
        agreement.Value(schema, type, "");
        return agreement.differences;
    }

    private void Value(JsonNode schema, Type type, string path)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(JsonElement))
            Expect(schema[KeepUnknown]?.GetValue<bool>() == true, path, $"is raw JSON in C#, but has no {KeepUnknown}");
        else if (type == typeof(int) || type == typeof(long))
            Scalar(schema, "integer", type == typeof(int) ? "int32" : "int64", path);
        else if (type == typeof(bool))
            Scalar(schema, "boolean", null, path);
        else if (type == typeof(string))
            Scalar(schema, "string", null, path);
        else if (type == typeof(DateTime))
            Scalar(schema, "string", "date-time", path);
        else if (type.IsEnum)
            Enumeration(schema, type, path);
        else if (Argument(type, typeof(IReadOnlyDictionary<,>)) is [_, var value])
            Map(schema, value, path);
        else if (Argument(type, typeof(IReadOnlyList<>)) is [var item])
            List(schema, item, path);
        else
            Record(schema, type, path);
    }

    private void Scalar(JsonNode schema, string type, string? format, string path)
    {
        Expect((string?)schema["type"] == type, path, $"is {type} in C#, {schema["type"]} in the schema");
        Expect((string?)schema["format"] == format, path, $"has format {format ?? "none"} in C#, {schema["format"] ?? "none"} in the schema");
        Expect(type != "string" || format is not null || schema["enum"] is null, path, "has an enum in the schema, none in C#");
    }

    private void Enumeration(JsonNode schema, Type type, string path)
    {
        Expect((string?)schema["type"] == "string", path, "is an enum in C# and no string in the schema");
        var csharp = Enum.GetValues(type).Cast<object>().Select(v => (string)JsonSerializer.SerializeToNode(v, type, Options)!).ToHashSet();
        var yaml = schema["enum"]?.AsArray().Select(v => (string)v!).ToHashSet() ?? [];
        foreach (var value in csharp.Except(yaml))
            Expect(false, path, $"knows {value} only in C#");
        foreach (var value in yaml.Except(csharp))
            Expect(false, path, $"knows {value} only in the schema");
    }

    private void Map(JsonNode schema, Type value, string path)
    {
        if (value == typeof(JsonElement))
            Value(schema, value, path);
        else if (schema["additionalProperties"] is { } others)
            Value(others, value, path + ".*");
        else
            Expect(false, path, "is a map in C#, but has no additionalProperties");
    }

    private void List(JsonNode schema, Type item, string path)
    {
        Expect((string?)schema["type"] == "array", path, $"is a list in C#, {schema["type"]} in the schema");
        if (schema["items"] is { } items)
            Value(items, item, path + "[]");
    }

    private void Record(JsonNode schema, Type type, string path)
    {
        Expect((string?)schema["type"] == "object" && schema[KeepUnknown] is null, path, "is a record in C# and no closed object in the schema");
        var info = Options.GetTypeInfo(type);
        var yaml = schema["properties"]?.AsObject() ?? [];
        object[] fresh = [FreshObject.Constructed(type), FreshObject.Decoded(type)];
        foreach (var property in info.Properties)
        {
            if (yaml[property.Name] is { } child)
                Property(schema, child, property, fresh, $"{path}.{property.Name}");
            else
                Expect(false, $"{path}.{property.Name}", "is only in C#");
        }

        foreach (var (name, _) in yaml.Where(y => info.Properties.All(p => p.Name != y.Key)))
            Expect(false, $"{path}.{name}", "is only in the schema");
    }

    private void Property(JsonNode owner, JsonNode schema, JsonPropertyInfo property, object[] fresh, string path)
    {
        var required = owner["required"]?.AsArray().Any(r => (string)r! == property.Name) == true;
        Expect(required == property.IsRequired, path, property.IsRequired ? "is required only in C#" : "is required only in the schema");
        Value(schema, property.PropertyType, path);

        Expect(!property.IsRequired || !IsNullable(property), path, "is required and nullable in C#");
        foreach (var value in property.IsRequired ? [] : fresh.Select(property.Get!))
        {
            var csharp = Default(value, property.PropertyType);
            Expect(JsonNode.DeepEquals(schema["default"], csharp), path,
                $"has default {csharp?.ToJsonString() ?? "none"} in C#, {schema["default"]?.ToJsonString() ?? "none"} in the schema");
            Expect(value is not null || IsNullable(property), path, "is null in a fresh C# object, though its type forbids it");
        }
    }

    // A record that is there by default stands in the schema as {}; its own fields are compared one level down.
    private static JsonNode? Default(object? value, Type type) => value switch
    {
        null => null,
        string or ValueType => JsonSerializer.SerializeToNode(value, type, Options),
        System.Collections.ICollection { Count: 0 } => null,
        _ => new JsonObject(),
    };

    private bool IsNullable(JsonPropertyInfo property) =>
        nullability.Create((PropertyInfo)property.AttributeProvider!).ReadState == NullabilityState.Nullable;

    private static Type[]? Argument(Type type, Type generic) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == generic ? type.GetGenericArguments() : null;

    private void Expect(bool holds, string path, string difference)
    {
        if (!holds)
            differences.Add($"{path.TrimStart('.')} {difference}");
    }
}
