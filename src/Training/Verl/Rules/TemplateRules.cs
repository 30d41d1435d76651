using System.Text.Json;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>What a pod-template overlay can't change: who starts what, and how the end is seen.</summary>
internal static class TemplateRules
{
    private static readonly string[] OfPod = ["hostname", "subdomain", "restartPolicy", "shareProcessNamespace"];

    private static readonly string[] OfContainer =
    [
        "command", "args", "terminationMessagePath", "terminationMessagePolicy", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle",
    ];

    public static IEnumerable<Rule> All { get; } =
    [
        Rule.Structural(RuleNames.ReservedTemplateField, "this operator: launcher and verdict rely on them", Reserved),
    ];

    private static IEnumerable<Breach> Reserved(CheckedJob job)
    {
        var spec = job.Spec;
        var fields = Fields("workers.template", spec.Workers.Template, PodTemplates.Trainer)
            .Concat(Fields("inspection.template", spec.Inspection.Template, "inspector"))
            .Concat(Fields("data.prepare.template", spec.Data.Prepare?.Template, "data"))
            .Concat(Fields("conversion.template", spec.Conversion.Template, "converter"));
        return fields.Select(field => new Breach($"{field} is set by the operator and can't be overlaid"));
    }

    private static IEnumerable<string> Fields(string template, JsonElement? overlay, string container)
    {
        var pod = overlay.Member("spec");
        foreach (var field in OfPod.Where(field => pod.Member(field) is not null))
            yield return $"{template}.spec.{field}";
        var own = PodTemplates.Container(overlay, container);
        foreach (var field in OfContainer.Where(field => own.Member(field) is not null))
            yield return $"{field} of container {container} in {template}";
    }
}
