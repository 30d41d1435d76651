using System.Text.Json;
using System.Text.Json.Nodes;
using GrpoOperator.Training.Ascend;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Children;

/// <summary>
/// Where and as whom workers run, taken over to the Jobs that prepare for them: a Job that looked from another kind of node
/// or with another uid would see other things than the workers.
/// </summary>
internal static class WorkerScheduling
{
    private static readonly string[] OfPod =
        ["nodeSelector", "tolerations", "affinity", "schedulerName", "priorityClassName", "securityContext", "imagePullSecrets"];

    /// <summary>The part of the workers' template that a Job starts from, as an overlay for the Job's own container.</summary>
    /// <param name="context">The job.</param>
    /// <param name="container">Name of the Job's container.</param>
    /// <param name="withRuntimeClass">Whether the Job uses devices, and so the workers' runtime.</param>
    public static JsonObject Overlay(ChildContext context, string container, bool withRuntimeClass)
    {
        var workers = context.Spec.Workers.Template.Member("spec");
        var pod = new JsonObject();
        foreach (var field in withRuntimeClass ? OfPod.Append("runtimeClassName") : OfPod)
        {
            if (workers.Member(field) is { } value) pod[field] = Node(value);
        }

        if (PodTemplates.Container(context.Spec.Workers.Template, Names.TrainerContainer).Member("securityContext") is { } security)
            pod["containers"] = new JsonArray(new JsonObject { ["name"] = container, ["securityContext"] = Node(security) });
        return new JsonObject { ["spec"] = pod };
    }

    /// <summary>Labels of nodes that the accelerator's preset knows.</summary>
    public static JsonObject? NodeSelector(JobShape shape) => shape.Preset.NodeSelector.Count == 0
        ? null
        : new JsonObject(shape.Preset.NodeSelector.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)));

    private static JsonNode? Node(JsonElement value) => JsonNode.Parse(value.GetRawText());
}
