using System.Text.Json;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>What a pod-template overlay can't change: who starts what, how the end is seen, and by what a pod is known.</summary>
internal static class TemplateRules
{
    private static readonly string[] OfPod = ["hostname", "subdomain", "restartPolicy", "shareProcessNamespace"];

    private static readonly string[] OfContainer =
    [
        "command", "args", "terminationMessagePath", "terminationMessagePolicy", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle",
    ];

    public static IEnumerable<Rule> All { get; } =
    [
        Rule.Structural(RuleNames.TemplateForm, "Kubernetes' pod template, whose lists merge by name", job => PodTemplates.Of(job.Spec).SelectMany(TemplateForm.Problems).Select(problem => new Breach(problem))),
        Rule.Structural(RuleNames.TemplateDirective, "this operator: an overlay says what is to be, not how to merge", Directives),
        Rule.Structural(RuleNames.TemplateMetadata, "this operator: keys that identify a pod, or steer schedulers and runtimes past its fields", Metadata),
        Rule.Structural(RuleNames.ReservedTemplateField, "this operator: launcher and verdict rely on them", Reserved),
    ];

    private static IEnumerable<Breach> Directives(CheckedJob job) =>
        from template in PodTemplates.Of(job.Spec)
        from directive in Directives(template.Field, template.Overlay)
        select new Breach($"{directive} is a directive of kubectl's strategic merge; an overlay has none: null takes a field away, items of lists are merged by their name");

    private static IEnumerable<string> Directives(string place, JsonElement? json) => json?.ValueKind switch
    {
        JsonValueKind.Object => json.Value.EnumerateObject().SelectMany(member =>
            member.Name.StartsWith('$') ? [$"{place}.{member.Name}"] : Directives($"{place}.{member.Name}", member.Value)),
        JsonValueKind.Array => json.Value.EnumerateArray().SelectMany((item, at) => Directives($"{place}[{at}]", item)),
        _ => [],
    };

    private static IEnumerable<Breach> Metadata(CheckedJob job) =>
        from template in PodTemplates.Of(job.Spec)
        let metadata = template.Overlay.Member("metadata")
        from list in Members(metadata)
        from breach in list.Name is "labels" or "annotations"
            ? from entry in Members(list.Value) where !MetadataKeys.MayBeSet(entry.Name) select $"{list.Name}[{entry.Name}] can't be set by a job"
            : list.Value.ValueKind == JsonValueKind.Null ? [] : [$"{list.Name} can't be overlaid; labels and annotations can"]
        select new Breach($"{template.Field}.metadata.{breach}");

    private static JsonProperty[] Members(JsonElement? json) => json is { ValueKind: JsonValueKind.Object } known ? [.. known.EnumerateObject()] : [];

    private static IEnumerable<Breach> Reserved(CheckedJob job) =>
        from template in PodTemplates.Of(job.Spec)
        from field in Fields(template)
        select new Breach($"{field} is set by the operator and can't be overlaid");

    private static IEnumerable<string> Fields(PodTemplate template)
    {
        var pod = template.Overlay.Member("spec");
        foreach (var field in OfPod.Where(field => pod.Member(field) is not null))
            yield return $"{template.Field}.spec.{field}";
        if (pod.Member("hostNetwork") is not null)
            yield return $"{template.Field}.spec.hostNetwork (the field is workers.hostNetwork)";
        var own = PodTemplates.Container(template.Overlay, template.Main);
        foreach (var field in OfContainer.Where(field => own.Member(field) is not null))
            yield return $"{field} of container {template.Main} in {template.Field}";
    }
}
