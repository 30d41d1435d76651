using System.Collections.Immutable;
using System.Text.Json;

namespace GrpoOperator.KubeRuntime.Api;

/// <summary>Splits the answer of a LIST into the bytes of its items.</summary>
internal static class ListPageReading
{
    public static ListPage Read(ApiAnswer answer)
    {
        var reader = new Utf8JsonReader(answer.Body.Span);
        var page = new ListPage("", "", [], answer.ServerTime);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("metadata"u8))
                page = WithMeta(page, ref reader);
            else if (reader.ValueTextEquals("items"u8))
                page = page with { Items = Items(answer.Body, ref reader) };
            else
                reader.Skip();
        }

        return page;
    }

    private static ListPage WithMeta(ListPage page, ref Utf8JsonReader reader)
    {
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isVersion = reader.ValueTextEquals("resourceVersion"u8);
            var isContinue = reader.ValueTextEquals("continue"u8);
            reader.Read();
            if (isVersion)
                page = page with { ResourceVersion = reader.GetString() ?? "" };
            else if (isContinue)
                page = page with { Continue = reader.GetString() ?? "" };
            else
                reader.Skip();
        }

        return page;
    }

    private static ImmutableArray<ReadOnlyMemory<byte>> Items(ReadOnlyMemory<byte> body, ref Utf8JsonReader reader)
    {
        var items = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        reader.Read(); // An empty list may be written as null.
        while (reader.TokenType != JsonTokenType.Null && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            items.Add(body[start..(int)reader.BytesConsumed]);
        }

        return items.DrainToImmutable();
    }
}
