using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrpoOperator.Training.Children;

/// <summary>
/// A <c>batch/v1</c> Job of one pod that is never started twice: the operator retries, by what went wrong, with a try of its
/// own. It starts from the workers' scheduling fields, so that it sees the same storage and may go where they may.
/// </summary>
internal static class BatchJobs
{
    public static JsonObject Build(ChildContext context, ChildKind kind, BatchPod parts)
    {
        var pod = PodParts.Pod(context, parts.Container, parts.Volumes);
        pod["restartPolicy"] = "Never";
        var template = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["labels"] = ChildMeta.LabelsOf(context, kind),
                ["annotations"] = new JsonObject([.. PodParts.Annotations, .. parts.Annotations]),
            },
            ["spec"] = pod,
        };
        if (parts.RuntimeClassName is { } runtime) pod["runtimeClassName"] = runtime;
        template = PodTemplateOverlay.Merge(template, WorkerScheduling.Overlay(context, Names.MainContainer(kind), parts.UsesDevices));
        template = PodTemplateOverlay.Merge(template, parts.Overlay);
        PodParts.SetMessageLimit(template, kind);
        var job = ChildMeta.Object(context, kind, "batch/v1", "Job", new JsonObject { [Labels.Try] = context.Try });
        job["spec"] = new JsonObject
        {
            ["backoffLimit"] = 0,
            ["completions"] = 1,
            ["parallelism"] = 1,
            ["template"] = template,
        };
        return job;
    }
}

/// <summary>What distinguishes one Job's pod from another's.</summary>
/// <param name="Container">The container that counts.</param>
/// <param name="Overlay">The user's overlay for this Job's pod.</param>
internal sealed record BatchPod(JsonObject Container, JsonElement? Overlay)
{
    /// <summary>Volumes beside those of every pod.</summary>
    public IReadOnlyList<JsonObject> Volumes { get; init; } = [];

    /// <summary>Annotations beside those of every pod.</summary>
    public IEnumerable<KeyValuePair<string, JsonNode?>> Annotations { get; init; } = [];

    /// <summary>Whether it uses NPUs, and so the workers' runtime.</summary>
    public bool UsesDevices { get; init; }

    /// <summary>Runtime class of the accelerator's preset.</summary>
    public string? RuntimeClassName { get; init; }
}
