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
        var environment = PodParts.Environment(context).Append(PodParts.Image(conversion.Image ?? context.Spec.Image)).Concat(Collective(context, shape).Select(PodParts.Variable));
        var container = PodParts.Container(context, ChildKind.ConversionJob, "convert", conversion.Image, conversion.Resources, environment);
        if (context.Inspection?.WeightBytes is { } weights) ContainerResources.RequestUnlessGiven(container, "memory", MemoryFor(weights));
        ContainerResources.Add(container, shape.ResourceName, conversion.Npus ?? shape.Preset.ConversionNpus);
        var volumes = new List<JsonObject>();
        PodParts.AddDriver(context, container, volumes);
        var job = BatchJobs.Build(context, ChildKind.ConversionJob, new BatchPod(container, conversion.Template)
        {
            Volumes = volumes,
            Annotations = VolcanoGang.OfNpuJob(context, shape),
            UsesDevices = true,
            RuntimeClassName = shape.Preset.RuntimeClassName,
        });
        if (conversion.ActiveDeadlineSeconds is { } deadline) job["spec"]!["activeDeadlineSeconds"] = deadline;
        ChildMeta.AddKueue(context, job);
        return job;
    }

    /// <summary>The converter holds the model twice: as Hugging Face has it, and as Megatron will.</summary>
    private static string MemoryFor(long weightBytes) => $"{(2 * weightBytes >> 30) + 1}Gi";

    /// <summary>The collective of one process: in the pod's own network whatever the workers use, and in no super pod.</summary>
    private static IReadOnlyList<EnvironmentDefault> Collective(ChildContext context, JobShape shape)
    {
        var alone = context.Spec with { Workers = context.Spec.Workers with { HostNetwork = false, NetworkInterface = null } };
        return HcclEnvironment.For(alone, shape with { SpBlock = null }, context.JobUid);
    }
}
