using System.Text.Json;
using System.Text.Json.Nodes;
using GrpoOperator.Crds;

namespace GrpoOperator.Training.Children;

/// <summary>Where workers may run, taken over to the Jobs that prepare for them.</summary>
internal static class WorkerScheduling
{
    private static readonly string[] Fields = ["nodeSelector", "tolerations", "affinity", "securityContext", "runtimeClassName", "imagePullSecrets"];

    public static void CopyTo(GrpoTrainingJobSpec spec, JsonObject pod)
    {
        if (spec.Workers.Template is not { ValueKind: JsonValueKind.Object } template || !template.TryGetProperty("spec", out var workers)) return;
        foreach (var field in Fields)
        {
            if (workers.TryGetProperty(field, out var value)) pod[field] = JsonNode.Parse(value.GetRawText());
        }
    }
}
