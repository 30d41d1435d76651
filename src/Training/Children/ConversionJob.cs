using System.Text.Json.Nodes;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training.Children;

/// <summary>
/// Job <c>&lt;job&gt;-convert</c>: Hugging Face weights to Megatron's distributed checkpoint. The converter opens a collective,
/// so it needs an NPU even when it initialises on the CPU.
/// </summary>
public static class ConversionJob
{
    /// <summary>The object.</summary>
    public static JsonObject Build(ChildContext context)
    {
        var shape = JobShape.Of(context.Spec);
        var conversion = context.Spec.Conversion;
        var environment = PodParts.Environment(context).Append(PodParts.MessageLimit(1))
            .Concat(HcclEnvironment.For(context.Spec, shape, context.JobUid).Select(TrainerStatefulSet.Variable));
        var container = PodParts.Container(context, ChildKind.ConversionJob, "convert", conversion.Image, conversion.Resources, environment);
        NpuResources.Add(container, shape.ResourceName, conversion.Npus ?? shape.Preset.ConversionNpus);
        var job = BatchJobs.Build(context, ChildKind.ConversionJob, container, conversion.Template);
        if (context.Cluster.Volcano && shape.Preset.SchedulePolicy is { } policy)
            job["spec"]!["template"]!["metadata"]!["annotations"]!["huawei.com/schedule_policy"] = policy;
        if (conversion.ActiveDeadlineSeconds is { } deadline) job["spec"]!["activeDeadlineSeconds"] = deadline;
        ChildMeta.AddKueue(context, job);
        return job;
    }
}
