using System.Text.Json.Nodes;

namespace GrpoOperator.Training.Children;

/// <summary>Job <c>&lt;job&gt;-data</c>: makes the training files. No NPU.</summary>
public static class DataJob
{
    /// <summary>The object.</summary>
    /// <exception cref="InvalidOperationException">The spec asks for no preparation.</exception>
    public static JsonObject Build(ChildContext context)
    {
        var prepare = context.Spec.Data.Prepare ?? throw new InvalidOperationException("No data preparation was asked for.");
        var container = PodParts.Container(
            context, ChildKind.DataJob, "prepare", prepare.Image, prepare.Resources, PodParts.Environment(context).Append(PodParts.Image(prepare.Image ?? context.Spec.Image)));
        var job = BatchJobs.Build(context, ChildKind.DataJob, new BatchPod(container, prepare.Template) { Annotations = VolcanoGang.OfCpuJob(context) });
        ChildMeta.AddKueue(context, job);
        return job;
    }
}
