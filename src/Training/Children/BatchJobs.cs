using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrpoOperator.Training.Children;

/// <summary>
/// A <c>batch/v1</c> Job of one pod that is never started twice: the operator retries, by what went wrong, with a try of its
/// own. It starts from the workers' scheduling fields, so that it sees the same storage and may go where they may.
/// </summary>
internal static class BatchJobs
{
    public static JsonObject Build(ChildContext context, ChildKind kind, JsonObject container, JsonElement? template)
    {
        var pod = PodParts.Pod(context, container, []);
        pod["restartPolicy"] = "Never";
        WorkerScheduling.CopyTo(context.Spec, pod);
        var podTemplate = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["labels"] = ChildMeta.LabelsOf(context, kind),
                ["annotations"] = new JsonObject { ["cluster-autoscaler.kubernetes.io/safe-to-evict"] = "false" },
            },
            ["spec"] = pod,
        };
        var job = ChildMeta.Object(context, kind, "batch/v1", "Job", new JsonObject { [Labels.Try] = context.Try });
        job["spec"] = new JsonObject
        {
            ["backoffLimit"] = 0,
            ["completions"] = 1,
            ["parallelism"] = 1,
            ["template"] = PodTemplateOverlay.Merge(podTemplate, template),
        };
        return job;
    }
}
