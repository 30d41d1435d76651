using System.Text.Json.Nodes;

namespace GrpoOperator.Training.Children;

/// <summary>Job <c>&lt;job&gt;-inspect</c>: looks at model, weights, data and storage with the job's own volumes. No NPU, no queue.</summary>
public static class InspectionJob
{
    /// <summary>The object.</summary>
    public static JsonObject Build(ChildContext context)
    {
        var inspection = context.Spec.Inspection;
        var container = PodParts.Container(
            context, ChildKind.InspectionJob, "inspect", inspection.Image, inspection.Resources, PodParts.Environment(context));
        return BatchJobs.Build(context, ChildKind.InspectionJob, new BatchPod(container, inspection.Template));
    }
}
