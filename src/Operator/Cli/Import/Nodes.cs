using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrpoOperator.Operator.Cli.Import;

/// <summary>JSON of plain values.</summary>
internal static class Nodes
{
    /// <summary>A list of strings.</summary>
    public static JsonArray Of(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)JsonValue.Create(text))]);

    /// <summary>The same value as an element.</summary>
    public static JsonElement Element(JsonNode node)
    {
        using var document = JsonDocument.Parse(node.ToJsonString());
        return document.RootElement.Clone();
    }
}
