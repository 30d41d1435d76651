using System.Text.Json;

namespace GrpoOperator.Crds.Yaml;

/// <summary>A value of a YAML text on its way to JSON. Aliases share nodes, so a document is a graph without cycles.</summary>
internal abstract record YamlNode(YamlPosition Position)
{
    /// <summary>Writes the value as JSON and notes where each part stands.</summary>
    public abstract void WriteTo(Utf8JsonWriter writer, string path, IDictionary<string, YamlPosition> positions);
}

/// <summary>A scalar, already as the text of a JSON value.</summary>
internal sealed record YamlScalar(YamlPosition Position, string Json) : YamlNode(Position)
{
    public override void WriteTo(Utf8JsonWriter writer, string path, IDictionary<string, YamlPosition> positions)
    {
        positions.TryAdd(path, Position);
        writer.WriteRawValue(Json);
    }
}

/// <summary>A sequence.</summary>
internal sealed record YamlSequence(YamlPosition Position, List<YamlNode> Items) : YamlNode(Position)
{
    public override void WriteTo(Utf8JsonWriter writer, string path, IDictionary<string, YamlPosition> positions)
    {
        KubectlYaml.GuardExpansion(writer, Position);
        positions.TryAdd(path, Position);
        writer.WriteStartArray();
        for (var i = 0; i < Items.Count; i++)
            Items[i].WriteTo(writer, $"{path}[{i}]", positions);
        writer.WriteEndArray();
    }
}

/// <summary>A mapping, in the order of its keys.</summary>
internal sealed record YamlMapping(YamlPosition Position, OrderedDictionary<string, YamlNode> Entries) : YamlNode(Position)
{
    public override void WriteTo(Utf8JsonWriter writer, string path, IDictionary<string, YamlPosition> positions)
    {
        KubectlYaml.GuardExpansion(writer, Position);
        positions.TryAdd(path, Position);
        writer.WriteStartObject();
        foreach (var (key, value) in Entries)
        {
            writer.WritePropertyName(key);
            value.WriteTo(writer, path.Length == 0 ? key : $"{path}.{key}", positions);
        }

        writer.WriteEndObject();
    }
}
