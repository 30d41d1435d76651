using System.Text.Json;

namespace GrpoOperator.Training.Ascend;

/// <summary>Reads into JSON whose form nobody has checked yet.</summary>
internal static class JsonMember
{
    /// <summary>The member <paramref name="name"/>; null when <paramref name="json"/> isn't an object that has it.</summary>
    public static JsonElement? Member(this JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty(name, out var member) ? member : null;

    /// <summary>The text of the member <paramref name="name"/>; null when it isn't a string.</summary>
    public static string? Text(this JsonElement? json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
