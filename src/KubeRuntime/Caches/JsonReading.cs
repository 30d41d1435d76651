using System.Collections.Immutable;
using System.Text.Json;

namespace GrpoOperator.KubeRuntime.Caches;

/// <summary>Steps through JSON for <see cref="ViewDecoder{TView}"/>s: forward only, without a document in between, skipping what nobody reads.</summary>
/// <example><code>
/// reader.Read();
/// if (reader.InObject())
///     while (reader.NextProperty())
///     {
///         if (reader.ValueTextEquals("metadata"u8)) meta = reader.NextObjectMeta();
///         else if (reader.ValueTextEquals("status"u8) &amp;&amp; reader.NextIsObject()) ReadStatus(ref reader);
///         else reader.Skip();
///     }
/// </code></example>
/// <remarks>A <c>Next…</c> method stands on a property name, and leaves the reader at the end of that property's value. A null reads like an
/// absent value, as everywhere in Kubernetes.</remarks>
public static class JsonReading
{
    /// <summary>Whether the reader stands at the start of an object.</summary>
    public static bool InObject(this ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.StartObject;

    /// <summary>Goes to the next property of the object that the reader is in; false at its end.</summary>
    public static bool NextProperty(this ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>Enters the property's value if that is an object; else goes past it.</summary>
    public static bool NextIsObject(this ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
            return true;
        reader.Skip();
        return false;
    }

    /// <summary>Enters the property's value if that is an array; else goes past it.</summary>
    public static bool NextIsArray(this ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray)
            return true;
        reader.Skip();
        return false;
    }

    /// <summary>Goes to the next element of the array that the reader is in; false at its end.</summary>
    public static bool NextElement(this ref Utf8JsonReader reader) => reader.Read() && reader.TokenType != JsonTokenType.EndArray;

    /// <summary>The property's string, or null.</summary>
    public static string? NextString(this ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Null ? null : reader.GetString();
    }

    /// <summary>The property's whole number, or null.</summary>
    public static long? NextNumber(this ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Null ? null : reader.GetInt64();
    }

    /// <summary>The property's truth value; null reads as false.</summary>
    public static bool NextBoolean(this ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType != JsonTokenType.Null && reader.GetBoolean();
    }

    /// <summary>The property's RFC 3339 time, or null.</summary>
    public static DateTimeOffset? NextTime(this ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Null ? null : reader.GetDateTimeOffset();
    }

    /// <summary>The property's strings.</summary>
    public static ImmutableArray<string> NextStrings(this ref Utf8JsonReader reader)
    {
        if (!reader.NextIsArray())
            return [];
        var items = ImmutableArray.CreateBuilder<string>();
        while (reader.NextElement())
            items.Add(reader.GetString() ?? "");
        return items.DrainToImmutable();
    }

    /// <summary>The property's map from strings to strings, sorted by key.</summary>
    public static ImmutableSortedDictionary<string, string> NextMap(this ref Utf8JsonReader reader, string? except = null)
    {
        if (!reader.NextIsObject())
            return NoStrings;
        var items = NoStrings.ToBuilder();
        while (reader.NextProperty())
        {
            var key = reader.GetString()!;
            var value = reader.NextString() ?? "";
            if (key != except)
                items[key] = value;
        }

        return items.Count == 0 ? NoStrings : items.ToImmutable();
    }

    private static readonly ImmutableSortedDictionary<string, string> NoStrings =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}
