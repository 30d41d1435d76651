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

    /// <summary>Documents of a text at most.</summary>
    public const int MaxDocuments = 1000;

    /// <summary>Bytes of a document's JSON at most: aliases of aliases could make any amount.</summary>
    private const int MaxExpandedBytes = 8 * MaxBytes;

    /// <summary>The documents of a text, in order, empty ones left out.</summary>
    /// <exception cref="YamlReadException">The text is no YAML, or is refused.</exception>
    public static IReadOnlyList<YamlDocument> Read(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > MaxBytes)
            throw new YamlReadException(new(1, 1), $"larger than {MaxBytes / 1024} KiB");
        return [.. Parse(text).Select(ToJson)];
    }

    /// <summary>The only document of a text.</summary>
    /// <exception cref="YamlReadException">The text is no YAML, is refused, or holds none or several documents.</exception>
    public static YamlDocument ReadSingle(string text) => Read(text) switch
    {
        [var only] => only,
        var all => throw new YamlReadException(new(1, 1), $"one document is expected, {all.Count} are there"),
    };

    /// <summary>Stops a document whose aliases make it larger or deeper than its text is.</summary>
    internal static void GuardExpansion(Utf8JsonWriter writer, YamlPosition position)
    {
        if (writer.BytesCommitted + writer.BytesPending > MaxExpandedBytes)
            throw new YamlReadException(position, "aliases make the document too large");
        if (writer.CurrentDepth >= MaxDepth)
            throw new YamlReadException(position, $"aliases nest deeper than {MaxDepth} levels");
    }

    private static List<YamlNode> Parse(string text)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            return [.. new YamlTreeBuilder(parser).Documents()];
        }
        catch (YamlException e)
        {
            throw new YamlReadException(new(e.End.Line, e.End.Column), Plainly(e), e);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // The parser's own answers to a scalar broken over lines inside brackets, and to a tag that is no URI.
            var last = parser.Current?.End ?? new Mark(0, 1, 1);
            throw new YamlReadException(new(last.Line, last.Column), "can't be read on from here", e);
        }
    }

    private static YamlDocument ToJson(YamlNode root)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            root.WriteTo(writer);
        using var document = JsonDocument.Parse(buffer.WrittenMemory, new JsonDocumentOptions { MaxDepth = MaxDepth });
        return new YamlDocument(document.RootElement.Clone(), root);
    }

    // The parser's message begins with the place, which the exception says itself.
    private static string Plainly(YamlException e)
    {
        var end = e.Message.IndexOf("): ", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[(end + 3)..];
    }
}
