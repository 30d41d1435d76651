using System.Text.Json.Nodes;

namespace GrpoOperator.Training.Children;

/// <summary>Job <c>&lt;job&gt;-data</c>: makes the training files. No NPU.</summary>
public static class DataJob
{
    /// <summary>The object.</summary>
    public static JsonObject Build(ChildContext context)
    {
        var prepare = context.Spec.Data.Prepare ?? throw new InvalidOperationException("No data preparation was asked for.");
        var environment = PodParts.Environment(context).Append(PodParts.MessageLimit(1));
        var container = PodParts.Container(context, ChildKind.DataJob, "prepare", prepare.Image, prepare.Resources, environment);
        var job = BatchJobs.Build(context, ChildKind.DataJob, container, prepare.Template);
        ChildMeta.AddKueue(context, job);
        return job;
    }
}
