using System.Text.Json;
using GrpoOperator.Crds;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>A pod-template overlay of a job.</summary>
/// <param name="Field">Its place in the spec.</param>
/// <param name="Overlay">The overlay; null when there is none.</param>
/// <param name="Main">The container of that pod that the operator makes.</param>
internal readonly record struct PodTemplate(string Field, JsonElement? Overlay, string Main);

/// <summary>Reads pod-template overlays, whose form is known only where the operator looks.</summary>
internal static class PodTemplates
{
    /// <summary>Every overlay of a job.</summary>
    public static IEnumerable<PodTemplate> Of(GrpoTrainingJobSpec spec) =>
    [
        new("workers.template", spec.Workers.Template, Names.MainContainer(ChildKind.StatefulSet)),
        new("inspection.template", spec.Inspection.Template, Names.MainContainer(ChildKind.InspectionJob)),
        new("data.prepare.template", spec.Data.Prepare?.Template, Names.MainContainer(ChildKind.DataJob)),
        new("conversion.template", spec.Conversion.Template, Names.MainContainer(ChildKind.ConversionJob)),
    ];

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
