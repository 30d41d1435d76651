using System.Text.Json;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>Reads pod-template overlays, whose form is known only where the operator looks.</summary>
internal static class PodTemplates
{
    /// <summary>The container that trains.</summary>
    public const string Trainer = "trainer";

    /// <summary>The elements of an array; none for anything else.</summary>
    public static IEnumerable<JsonElement> Array(JsonElement? json) =>
        json is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>The elements of a list of the pod's spec.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement? template, string list) =>
        Array(template.Member("spec").Member(list));

    /// <summary>The container of that name; null when the overlay doesn't speak of it.</summary>
    public static JsonElement? Container(JsonElement? template, string name) =>
        Items(template, "containers").Cast<JsonElement?>().FirstOrDefault(container => container.Text("name") == name);
}
