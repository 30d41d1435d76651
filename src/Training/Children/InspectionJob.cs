using System.Text.Json.Nodes;

namespace GrpoOperator.Training.Children;

/// <summary>Job <c>&lt;job&gt;-inspect</c>: looks at model, weights, data and storage with the job's own volumes. No NPU.</summary>
public static class InspectionJob
{
    /// <summary>The object.</summary>
    public static JsonObject Build(ChildContext context)
    {
        var inspection = context.Spec.Inspection;
        var environment = PodParts.Environment(context).Append(PodParts.MessageLimit(1));
        var container = PodParts.Container(context, ChildKind.InspectionJob, "inspect", inspection.Image, inspection.Resources, environment);
        return BatchJobs.Build(context, ChildKind.InspectionJob, container, inspection.Template);
    }
}
