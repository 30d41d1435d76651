using System.Text.Json;
using GrpoOperator.Crds;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training;

/// <summary>Whether a node could hold one pod of a job, as far as labels, NPUs and readiness tell; taints and load are the scheduler's.</summary>
internal static class NodeFit
{
    public static bool Holds(ObservedNode node, GrpoTrainingJobSpec spec, JobShape shape) =>
        node is { Ready: true, Unschedulable: false }
        && node.Allocatable.GetValueOrDefault(shape.ResourceName) >= shape.NpusPerNode
        && Selector(spec, shape).All(label => node.Labels.GetValueOrDefault(label.Key) == label.Value);

    private static IEnumerable<KeyValuePair<string, string>> Selector(GrpoTrainingJobSpec spec, JobShape shape)
    {
        var given = spec.Workers.Template.Member("spec").Member("nodeSelector") is { ValueKind: JsonValueKind.Object } selector
            ? selector.EnumerateObject().Where(label => label.Value.ValueKind == JsonValueKind.String).ToDictionary(label => label.Name, label => label.Value.GetString()!)
            : [];
        return shape.Preset.NodeSelector.Where(label => !given.ContainsKey(label.Key)).Concat(given);
    }
}
