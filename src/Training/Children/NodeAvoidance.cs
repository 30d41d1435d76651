using System.Text.Json.Nodes;

namespace GrpoOperator.Training.Children;

/// <summary>
/// Keeps pods off nodes by a required node affinity. The user's own terms are alternatives to each other, so each of them
/// gets the condition.
/// </summary>
internal static class NodeAvoidance
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";

    /// <summary>Adds the condition to a merged pod template.</summary>
    public static void Add(JsonObject template, IReadOnlyList<string> nodes)
    {
        if (nodes.Count == 0) return;
        var pod = template["spec"]!.AsObject();
        var terms = pod.Child("affinity").Child("nodeAffinity").Child(Required);
        if (terms["nodeSelectorTerms"] is not JsonArray { Count: > 0 } alternatives) terms["nodeSelectorTerms"] = alternatives = new JsonArray(new JsonObject());
        foreach (var term in alternatives.OfType<JsonObject>())
        {
            var fields = term.ChildList("matchFields");
            // The API allows one value each; several conditions of a term must all hold.
            foreach (var node in nodes)
                fields.Add((JsonNode)new JsonObject { ["key"] = "metadata.name", ["operator"] = "NotIn", ["values"] = new JsonArray(node) });
        }
    }
}
