using System.Text;
using System.Text.Json.Nodes;

namespace GrpoOperator.Operator.Tests;

/// <summary>Objects as a real API server (1.20.2) answered them while a two-node job was running.</summary>
internal static class Recorded
{
    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Recorded", $"{name}.json"));

    /// <summary>A recorded object with something changed.</summary>
    public static byte[] With(string name, Action<JsonNode> change)
    {
        var node = JsonNode.Parse(Bytes(name))!;
        change(node);
        return Encoding.UTF8.GetBytes(node.ToJsonString());
    }
}
