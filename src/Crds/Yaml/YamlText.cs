using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace GrpoOperator.Crds.Yaml;

/// <summary>
/// JSON as YAML text that everybody reads back as the same JSON: a string that some reader of YAML 1.1 or 1.2 would take for
/// something else is quoted, and a text of several lines stands as a literal block where that keeps it.
/// </summary>
public static class YamlText
{
    private static readonly EmitterSettings Settings = new EmitterSettings().WithBestWidth(int.MaxValue);

    /// <summary>One document, without its <c>---</c>; ends in a line break.</summary>
    public static string Of(JsonNode? root)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, Settings);
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(version: null, tags: null, isImplicit: true));
        Write(emitter, root);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Write(Emitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Block));
                foreach (var (name, value) in members)
                {
                    Text(emitter, name, mayBreak: false);
                    Write(emitter, value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray items:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Block));
                foreach (var item in items)
                    Write(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                Text(emitter, value.GetValue<string>(), mayBreak: true);
                break;
            default:
                Scalar(emitter, node?.ToJsonString() ?? "null", ScalarStyle.Plain);
                break;
        }
    }

    private static void Text(Emitter emitter, string text, bool mayBreak) =>
        Scalar(emitter, text, IsPlain(text) ? ScalarStyle.Plain : mayBreak && IsBlock(text) ? ScalarStyle.Literal : HoldsJson(text) ? ScalarStyle.SingleQuoted : ScalarStyle.DoubleQuoted);

    private static void Scalar(Emitter emitter, string text, ScalarStyle style) =>
        emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, style, isPlainImplicit: style == ScalarStyle.Plain, isQuotedImplicit: style != ScalarStyle.Plain));

    /// <summary>
    /// Stricter than kubectl needs: numbers to base 60, times and dates, <c>=</c> and <c>&lt;&lt;</c> mean something to other
    /// readers, so nothing that begins with a digit, a sign or a dot stands bare.
    /// </summary>
    private static bool IsPlain(string text) =>
        text.Length > 0
        && (char.IsAsciiLetter(text[0]) || text[0] is '/' or '_')
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '_' or '-' or '.' or '=' or '+' or ',' or '@' or '(' or ')' or ':')
        && !text.EndsWith(':')
        && YamlScalars.Plain(text) == YamlScalars.Quoted(text);

    /// <summary>JSON in a string stays legible where its quotes need no escape.</summary>
    private static bool HoldsJson(string text) => text.Contains('"', StringComparison.Ordinal) && text.All(letter => letter is >= ' ' and <= '~');

    /// <summary>A block keeps printable lines as they are, unless one could be taken for the block's own indentation.</summary>
    private static bool IsBlock(string text) =>
        text.Contains('\n', StringComparison.Ordinal)
        && text.All(letter => letter is '\n' or (>= ' ' and <= '~'))
        && text.Split('\n').All(line => !line.EndsWith(' '))
        && text[0] is not (' ' or '\n')
        && !text.EndsWith("\n\n", StringComparison.Ordinal);
}
