using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrpoOperator.Crds.Tests.Agreement;

/// <summary>Objects in which nothing but what is required was given, made in the two ways that production makes them.</summary>
internal static class FreshObject
{
    /// <summary>As <c>new T { … }</c> in C#, required members left at their type's default.</summary>
    public static object Constructed(Type type)
    {
        var constructor = type.GetConstructors().MaxBy(c => c.GetParameters().Length)!;
        return constructor.Invoke(BindingFlags.OptionalParamBinding, null, [.. constructor.GetParameters().Select(_ => Type.Missing)], null);
    }

    /// <summary>As read from JSON that holds the required members only.</summary>
    public static object Decoded(Type type) => Minimal(type).Deserialize(type, CrdJsonContext.Default.Options)!;

    private static JsonNode Minimal(Type type)
    {
        if (type == typeof(string))
            return "x";
        if (type == typeof(int))
            return 1;
        if (type == typeof(DateTime))
            return "2026-01-02T03:04:05Z";
        if (type.IsEnum)
            return JsonSerializer.SerializeToNode(Enum.GetValues(type).GetValue(0), type, CrdJsonContext.Default.Options)!;
        return type.IsGenericType
            ? new JsonArray()
            : new JsonObject(CrdJsonContext.Default.Options.GetTypeInfo(type).Properties.Where(p => p.IsRequired)
                .Select(p => KeyValuePair.Create(p.Name, (JsonNode?)Minimal(p.PropertyType))));
    }
}
