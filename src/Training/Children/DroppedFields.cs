using System.Text.Json.Nodes;

namespace GrpoOperator.Training.Children;

/// <summary>
/// Fields that an API server silently left out of an object: it knows the kind but, being older, not every field. What the
/// user asked for in <c>workers.template</c> would be missing without a word.
/// </summary>
public static class DroppedFields
{
    /// <summary>Paths such as <c>spec.resourceClaims</c> that were sent and are not in the answer. Empty values say nothing.</summary>
    /// <param name="sent">What was sent.</param>
    /// <param name="kept">What the server answered; it may hold more, and other spellings of a value.</param>
    public static IReadOnlyList<string> Of(JsonNode? sent, JsonNode? kept)
    {
        var dropped = new List<string>();
        Compare(sent, kept, string.Empty, dropped);
        return dropped;
    }

    private static void Compare(JsonNode? sent, JsonNode? kept, string path, List<string> dropped)
    {
        switch (sent, kept)
        {
            case (JsonObject fields, JsonObject others):
                foreach (var (name, value) in fields) Compare(value, others[name], path.Length == 0 ? name : $"{path}.{name}", dropped);
                break;
            case (JsonArray items, JsonArray others) when items.Count == others.Count:
                for (var i = 0; i < items.Count; i++) Compare(items[i], others[i], $"{path}[{i}]", dropped);
                break;
            case (_, null) when !IsEmpty(sent):
                dropped.Add(path);
                break;
        }
    }

    private static bool IsEmpty(JsonNode? value) => value switch
    {
        null => true,
        JsonObject fields => fields.All(field => IsEmpty(field.Value)),
        JsonArray items => items.Count == 0,
        _ => value.ToJsonString() is "false" or "0" or "\"\"",
    };
}
