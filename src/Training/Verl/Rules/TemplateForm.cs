using System.Text.Json;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>The form that an overlay must have to be laid over a pod without taking away what the pod is made of.</summary>
internal static class TemplateForm
{
    /// <summary>What is wrong with an overlay's form.</summary>
    public static IEnumerable<string> Problems(PodTemplate template)
    {
        var overlay = template.Overlay;
        var (field, metadata, pod) = (template.Field, overlay.Member("metadata"), overlay.Member("spec"));
        return
        [
            .. Must(field, overlay, JsonValueKind.Object),
            .. Must($"{field}.metadata", metadata, JsonValueKind.Object),
            .. Must($"{field}.metadata.labels", metadata.Member("labels"), JsonValueKind.Object),
            .. Must($"{field}.metadata.annotations", metadata.Member("annotations"), JsonValueKind.Object),
            .. Must($"{field}.spec", pod, JsonValueKind.Object),
            .. List($"{field}.spec.containers", pod.Member("containers"), "name"),
            .. List($"{field}.spec.initContainers", pod.Member("initContainers"), "name"),
            .. List($"{field}.spec.volumes", pod.Member("volumes"), "name"),
            .. Main($"{field} container {template.Main}", PodTemplates.Container(overlay, template.Main)),
        ];
    }

    private static IEnumerable<string> Main(string field, JsonElement? container) =>
    [
        .. List($"{field} env", container.Member("env"), "name"),
        .. List($"{field} volumeMounts", container.Member("volumeMounts"), "mountPath"),
        .. Must($"{field} image", container.Member("image"), JsonValueKind.String),
        .. Must($"{field} resources", container.Member("resources"), JsonValueKind.Object),
    ];

    private static IEnumerable<string> Must(string field, JsonElement? json, JsonValueKind kind) =>
        json is { } given && given.ValueKind != kind ? [$"{field} is {Named(given.ValueKind)}, not {Named(kind)}"] : [];

    private static IEnumerable<string> List(string field, JsonElement? json, string key) =>
        Must(field, json, JsonValueKind.Array).Concat(PodTemplates.Array(json).Any(item => string.IsNullOrEmpty(((JsonElement?)item).Text(key)))
            ? [$"{field} has an item without {key}, by which items are merged"]
            : []);


    private static string Named(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Null => "null",
        _ => "a scalar",
    };
}
