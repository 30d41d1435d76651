using System.Globalization;
using System.Text.Json.Nodes;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training.Children;

/// <summary>
/// PodGroup <c>&lt;job&gt;-&lt;incarnation&gt;</c> of Volcano: the whole gang or none of it. Made only where
/// <see cref="ClusterFacts.PodGroups"/> is set; else annotations of the StatefulSet say the same to Volcano from 1.12 on.
/// </summary>
/// <remarks>Its controller is the StatefulSet, by which MindCluster finds the job of a group, and with which it goes.</remarks>
public static class PodGroup
{
    /// <summary>Annotation of a pod that names its group.</summary>
    internal const string NameAnnotation = "scheduling.k8s.io/group-name";

    /// <summary>The group's name.</summary>
    public static string NameOf(string job, int incarnation) => $"{job}-{incarnation}";

    /// <summary>The object, for the StatefulSet of that uid.</summary>
    public static JsonObject Build(ChildContext context, string statefulSetUid)
    {
        var scheduling = context.Spec.Scheduling;
        var set = TrainerStatefulSet.Build(context)["spec"]!;
        var nodes = (int)set["replicas"]!;
        var spec = new JsonObject { ["minMember"] = nodes, ["minResources"] = Resources(set["template"]!, nodes) };
        if (scheduling.Queue is { } queue) spec["queue"] = queue;
        if (scheduling.PriorityClassName is { } priority) spec["priorityClassName"] = priority;
        return new JsonObject
        {
            ["apiVersion"] = "scheduling.volcano.sh/v1beta1",
            ["kind"] = "PodGroup",
            ["metadata"] = new JsonObject
            {
                ["name"] = NameOf(context.JobName, context.Incarnation),
                ["namespace"] = context.Namespace,
                ["labels"] = ChildMeta.LabelsOf(context, ChildKind.StatefulSet),
                ["annotations"] = VolcanoGang.PolicyOf(set["template"]!),
                ["ownerReferences"] = new JsonArray(new JsonObject
                {
                    ["apiVersion"] = "apps/v1",
                    ["kind"] = "StatefulSet",
                    ["name"] = Names.Of(ChildKind.StatefulSet, context.JobName),
                    ["uid"] = statefulSetUid,
                    ["controller"] = true,
                }),
            },
            ["spec"] = spec,
        };
    }

    /// <summary>What all pods ask for together, NPUs included: without them Ascend's plugin doesn't look at the group.</summary>
    private static JsonObject Resources(JsonNode template, int pods)
    {
        var sums = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var container in template["spec"]!["containers"]!.AsArray())
        {
            var asked = container!["resources"];
            // What has only a limit is asked for as much.
            var requests = (asked?["limits"]?.AsObject() ?? []).Concat(asked?["requests"]?.AsObject() ?? []).GroupBy(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
            foreach (var request in requests)
                sums[request.Key] = sums.GetValueOrDefault(request.Key) + (pods * (Quantity.Parse(request.Last()?.ToString()) ?? 0));
        }

        return new JsonObject([.. sums.Select(sum => KeyValuePair.Create(sum.Key, (JsonNode?)JsonValue.Create(sum.Value.ToString("0.#########", CultureInfo.InvariantCulture))))]);
    }
}
