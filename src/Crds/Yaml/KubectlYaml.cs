using System.Buffers;
using System.Text;
using System.Text.Json;
using YamlDotNet.Core;

namespace GrpoOperator.Crds.Yaml;

/// <summary>
/// Reads YAML (and so JSON) as kubectl does, into JSON: same meaning of scalars and keys. Stricter where a slip would
/// change what a job does or where a text could hurt: duplicate keys, depth, aliases and size are refused.
/// </summary>
public static class KubectlYaml
{
    /// <summary>Bytes (UTF-8) of a text at most; the API server takes no larger object either.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Levels of nesting at most.</summary>
    public const int MaxDepth = 64;

    /// <summary>Aliases of a document at most.</summary>
    public const int MaxAliases = 100;

    /// <summary>Bytes of a document's JSON at most: aliases of aliases could make any amount.</summary>
    private const int MaxExpandedBytes = 8 * MaxBytes;

    /// <summary>The documents of a text, in order, empty ones left out.</summary>
    /// <exception cref="YamlReadException">The text is no YAML, or is refused.</exception>
    public static IReadOnlyList<YamlDocument> Read(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > MaxBytes)
            throw new YamlReadException(new(1, 1), $"larger than {MaxBytes / 1024} KiB");
        try
        {
            var builder = new YamlTreeBuilder(new Parser(new StringReader(text)));
            return [.. builder.Documents().Select(ToJson)];
        }
        catch (YamlException e)
        {
            throw new YamlReadException(new(e.Start.Line, e.Start.Column), Plainly(e), e);
        }
    }

    /// <summary>The only document of a text.</summary>
    /// <exception cref="YamlReadException">The text is no YAML, is refused, or holds none or several documents.</exception>
    public static YamlDocument ReadSingle(string text) => Read(text) switch
    {
        [var only] => only,
        var all => throw new YamlReadException(new(1, 1), $"one document is expected, {all.Count} are there"),
    };

    /// <summary>Stops a document whose aliases make more JSON than anybody wants.</summary>
    internal static void GuardExpansion(Utf8JsonWriter writer, YamlPosition position)
    {
        if (writer.BytesCommitted + writer.BytesPending > MaxExpandedBytes)
            throw new YamlReadException(position, "aliases make the document too large");
    }

    private static YamlDocument ToJson(YamlNode root)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var positions = new Dictionary<string, YamlPosition>(StringComparer.Ordinal);
        using (var writer = new Utf8JsonWriter(buffer))
            root.WriteTo(writer, "", positions);
        using var document = JsonDocument.Parse(buffer.WrittenMemory, new JsonDocumentOptions { MaxDepth = 2 * MaxDepth });
        return new YamlDocument(document.RootElement.Clone(), positions);
    }

    // The parser's message begins with the place, which the exception says itself.
    private static string Plainly(YamlException e)
    {
        var end = e.Message.IndexOf("): ", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[(end + 3)..];
    }
}
