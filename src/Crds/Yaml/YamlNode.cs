using System.Globalization;
using System.Text.Json;

namespace GrpoOperator.Crds.Yaml;

/// <summary>A value of a YAML text on its way to JSON. Aliases share nodes, so a document is a graph without cycles.</summary>
internal abstract record YamlNode(YamlPosition Position)
{
    /// <summary>Writes the value as JSON.</summary>
    public abstract void WriteTo(Utf8JsonWriter writer);

    /// <summary>The value that the first step of a path leads to, and the path without that step; null when it leads nowhere.</summary>
    public virtual YamlNode? Step(ref ReadOnlySpan<char> path) => null;
}

/// <summary>A scalar, already as the text of a JSON value, and as it was written.</summary>
internal sealed record YamlScalar(YamlPosition Position, string Json, string Source) : YamlNode(Position)
{
    public override void WriteTo(Utf8JsonWriter writer) => writer.WriteRawValue(Json);
}

/// <summary>A sequence.</summary>
internal sealed record YamlSequence(YamlPosition Position, List<YamlNode> Items) : YamlNode(Position)
{
    public override void WriteTo(Utf8JsonWriter writer)
    {
        KubectlYaml.GuardExpansion(writer, Position);
        writer.WriteStartArray();
        foreach (var item in Items)
            item.WriteTo(writer);
        writer.WriteEndArray();
    }

    public override YamlNode? Step(ref ReadOnlySpan<char> path)
    {
        var end = path.IndexOf(']');
        if (end < 0 || path[0] != '[' || !int.TryParse(path[1..end], NumberStyles.None, provider: null, out var at) || at >= Items.Count)
            return null;
        path = path[(end + 1)..];
        return Items[at];
    }
}

/// <summary>A mapping, in the order of its keys.</summary>
internal sealed record YamlMapping(YamlPosition Position, OrderedDictionary<string, YamlNode> Entries) : YamlNode(Position)
{
    public override void WriteTo(Utf8JsonWriter writer)
    {
        KubectlYaml.GuardExpansion(writer, Position);
        writer.WriteStartObject();
        foreach (var (key, value) in Entries)
        {
            writer.WritePropertyName(key);
            value.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    // A key may hold dots itself: the shortest one that is there is taken.
    public override YamlNode? Step(ref ReadOnlySpan<char> path)
    {
        path = path.TrimStart('.');
        for (var end = 0; end <= path.Length; end++)
        {
            if (end < path.Length && path[end] is not ('.' or '['))
                continue;
            if (!Entries.TryGetValue(path[..end].ToString(), out var value))
                continue;
            path = path[end..];
            return value;
        }

        return null;
    }
}
