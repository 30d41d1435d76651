using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace GrpoOperator.Crds.Yaml;

/// <summary>Builds the tree of each document from the parser's events, with the refusals of <see cref="KubectlYaml"/>.</summary>
internal sealed class YamlTreeBuilder(IParser parser)
{
    private const string Core = "tag:yaml.org,2002:";
    private readonly Dictionary<string, YamlNode> anchors = new(StringComparer.Ordinal);
    private int aliases;

    /// <summary>The documents in order; a document that holds nothing is left out.</summary>
    public IEnumerable<YamlNode> Documents()
    {
        parser.Consume<StreamStart>();
        for (var count = 1; parser.TryConsume<DocumentStart>(out var start); count++)
        {
            if (count > KubectlYaml.MaxDocuments)
                throw new YamlReadException(At(start), $"more than {KubectlYaml.MaxDocuments} documents");
            anchors.Clear();
            aliases = 0;
            var root = Node(1);
            parser.Consume<DocumentEnd>();
            if (root is not YamlScalar { Json: "null" })
                yield return root;
        }
    }

    private YamlNode Node(int depth)
    {
        var next = parser.Consume<ParsingEvent>();
        var position = At(next);
        if (depth > KubectlYaml.MaxDepth)
            throw new YamlReadException(position, $"nested deeper than {KubectlYaml.MaxDepth} levels");
        if (next is AnchorAlias alias)
            return Aliased(alias, position);
        YamlNode node = next switch
        {
            Scalar scalar => new YamlScalar(position, Json(scalar, position), scalar.Value),
            SequenceStart => Sequence(position, depth),
            MappingStart => Mapping(position, depth),
            _ => throw new YamlReadException(position, $"unexpected {next.GetType().Name}"),
        };
        if (next is NodeEvent { Anchor.IsEmpty: false } anchored)
            anchors[anchored.Anchor.Value] = node;
        return node;
    }

    private YamlNode Aliased(AnchorAlias alias, YamlPosition position)
    {
        if (++aliases > KubectlYaml.MaxAliases)
            throw new YamlReadException(position, $"more than {KubectlYaml.MaxAliases} aliases");

        // An anchor is known only when its node is whole, so an alias inside itself finds nothing: no cycles.
        return anchors.TryGetValue(alias.Value.Value, out var target)
            ? target
            : throw new YamlReadException(position, $"alias *{alias.Value.Value} has no anchor before it");
    }

    private YamlSequence Sequence(YamlPosition position, int depth)
    {
        var items = new List<YamlNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(Node(depth + 1));
        return new YamlSequence(position, items);
    }

    private YamlMapping Mapping(YamlPosition position, int depth)
    {
        var entries = new OrderedDictionary<string, YamlNode>(StringComparer.Ordinal);
        var merged = new List<YamlMapping>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var (key, at, merge) = Key();
            var value = Node(depth + 1);
            if (merge)
                merged.AddRange(Mergeable(value));
            else if (!entries.TryAdd(key, value))
                throw new YamlReadException(at, $"key \"{key}\" stands twice");
        }

        // The mapping's own keys win, then the earlier of several merged ones.
        foreach (var (key, value) in merged.SelectMany(m => m.Entries))
            entries.TryAdd(key, value);
        return new YamlMapping(position, entries);
    }

    private (string Key, YamlPosition At, bool Merge) Key()
    {
        var next = parser.Consume<ParsingEvent>();
        var position = At(next);
        if (next is AnchorAlias alias && Aliased(alias, position) is YamlScalar target)
            return (KeyText(target.Json), position, false);
        if (next is not Scalar scalar)
            throw new YamlReadException(position, "a key must be a scalar");
        if (scalar is { Value: "<<", Style: ScalarStyle.Plain })
            return ("<<", position, true);
        var json = Json(scalar, position);
        if (!scalar.Anchor.IsEmpty)
            anchors[scalar.Anchor.Value] = new YamlScalar(position, json, scalar.Value);
        return json == "null" ? throw new YamlReadException(position, "a key must not be empty") : (KeyText(json), position, false);
    }

    // A key that reads as a boolean or number becomes its text: `on:` is "true", as with kubectl.
    private static string KeyText(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.String ? document.RootElement.GetString()! : json;
    }

    private static IEnumerable<YamlMapping> Mergeable(YamlNode value) => value switch
    {
        YamlMapping one => [one],
        YamlSequence many when many.Items.TrueForAll(i => i is YamlMapping) => many.Items.Cast<YamlMapping>(),
        _ => throw new YamlReadException(value.Position, "only mappings can be merged by <<"),
    };

    private static string Json(Scalar scalar, YamlPosition position)
    {
        try
        {
            var tag = scalar.Tag is { IsEmpty: false, IsNonSpecific: false } given ? given.Value : "";
            if (tag.Length == 0)
                return scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty ? YamlScalars.Plain(scalar.Value) : YamlScalars.Quoted(scalar.Value);
            if (tag == Core + "str" || !tag.StartsWith(Core, StringComparison.Ordinal))
                return YamlScalars.Quoted(scalar.Value);
            var json = YamlScalars.Plain(scalar.Value);
            return Fits(tag, json) ? json : throw new FormatException($"\"{scalar.Value}\" doesn't fit its tag {tag}");
        }
        catch (FormatException e)
        {
            throw new YamlReadException(position, e.Message, e);
        }
    }

    private static bool Fits(string tag, string json) => tag switch
    {
        Core + "null" => json == "null",
        Core + "bool" => json is "true" or "false",
        Core + "int" => json.AsSpan().TrimStart('-').IndexOfAnyExceptInRange('0', '9') < 0,
        Core + "float" => json[0] is '-' or (>= '0' and <= '9'),
        _ => false,
    };

    private static YamlPosition At(ParsingEvent next) => new(next.Start.Line, next.Start.Column);
}
