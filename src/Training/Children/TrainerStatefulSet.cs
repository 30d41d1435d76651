using System.Text.Json.Nodes;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training.Children;

/// <summary>
/// StatefulSet <c>&lt;job&gt;</c>: one pod per node, all at once, one StatefulSet per incarnation. <c>OnDelete</c>, so that
/// the seal in its template touches replacements only.
/// </summary>
public static class TrainerStatefulSet
{
    private const int GracePeriodSeconds = 60;

    /// <summary>The object.</summary>
    public static JsonObject Build(ChildContext context)
    {
        var shape = JobShape.Of(context.Spec);
        var set = ChildMeta.Object(context, ChildKind.StatefulSet, "apps/v1", "StatefulSet", VolcanoGang.OfStatefulSet(context, shape));
        ChildMeta.AddKueue(context, set);
        var template = PodTemplateOverlay.Merge(Template(context, shape), context.Spec.Workers.Template);
        ContainerResources.RequestUnlessGiven(PodParts.Own(template, ChildKind.StatefulSet), "cpu", JobShape.DefaultCpus(shape.NpusPerNode).ToString());
        if (context.Spec.Workers.HostNetwork) OnePerNode(context, template);
        NodeAvoidance.Add(template, context.AvoidNodes);
        PodParts.SetMessageLimit(template, ChildKind.StatefulSet);
        set["spec"] = new JsonObject
        {
            ["replicas"] = shape.Nodes,
            ["serviceName"] = Names.Of(ChildKind.Service, context.JobName),
            ["podManagementPolicy"] = "Parallel",
            ["updateStrategy"] = new JsonObject { ["type"] = "OnDelete" },
            ["selector"] = new JsonObject { ["matchLabels"] = ChildMeta.TrainerSelector(context) },
            ["template"] = template,
        };
        return set;
    }

    private static JsonObject Template(ChildContext context, JobShape shape)
    {
        var volumes = new List<JsonObject>();
        var pod = PodParts.Pod(context, Container(context, shape, volumes), volumes);
        pod["terminationGracePeriodSeconds"] = GracePeriodSeconds;
        if (shape.Preset.RuntimeClassName is { } runtime) pod["runtimeClassName"] = runtime;
        if (context.Spec.Workers.HostNetwork)
        {
            pod["hostNetwork"] = true;
            pod["dnsPolicy"] = "ClusterFirstWithHostNet";
        }

        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["labels"] = ChildMeta.LabelsOf(context, ChildKind.StatefulSet),
                ["annotations"] = new JsonObject([.. PodParts.Annotations, .. VolcanoGang.OfTrainers(context, shape)]),
            },
            ["spec"] = pod,
        };
    }

    private static JsonObject Container(ChildContext context, JobShape shape, List<JsonObject> volumes)
    {
        var workers = context.Spec.Workers;
        var container = PodParts.Container(context, ChildKind.StatefulSet, "train", image: null, workers.Resources, Environment(context, shape));
        ContainerResources.Add(container, shape.ResourceName, shape.NpusPerNode);
        container["readinessProbe"] = new JsonObject
        {
            ["exec"] = new JsonObject { ["command"] = new JsonArray("test", "-f", "/run/grpo/ready") },
            ["periodSeconds"] = 10,
            ["timeoutSeconds"] = 10,
            ["failureThreshold"] = 6,
        };
        volumes.Add(new JsonObject { ["name"] = "grpo-shm", ["emptyDir"] = new JsonObject { ["medium"] = "Memory", ["sizeLimit"] = workers.SharedMemory } });
        container["volumeMounts"]!.AsArray().Add((JsonNode)new JsonObject { ["name"] = "grpo-shm", ["mountPath"] = "/dev/shm" });
        PodParts.AddDriver(context, container, volumes);
        return container;
    }

    private static IEnumerable<JsonObject> Environment(ChildContext context, JobShape shape) =>
    [
        .. PodParts.Environment(context),
        PodParts.Value("MASTER_ADDR", Names.MasterAddress(context.JobName, context.Namespace)),
        PodParts.Value("MASTER_PORT", RayEndpoint.Of(context).Port.ToString()),
        PodParts.Value("NNODES", shape.Nodes.ToString()),
        PodParts.Value("NPROC_PER_NODE", shape.NpusPerNode.ToString()),
        PodParts.Value("WORLD_SIZE", shape.TotalNpus.ToString()),
        PodParts.Value("GRPO_ATTEMPT", context.Attempt.ToString()),
        PodParts.Value("GRPO_RESUME_EPOCH", context.ResumeEpoch.ToString()),
        PodParts.Value("GRPO_FENCE_WAIT", context.FenceWait ? "1" : "0"),
        .. HcclEnvironment.For(context.Spec, shape, context.JobUid).Select(PodParts.Variable),
        .. LogDirectory(context),
    ];

    /// <summary>verl truncates its file log at every start, so each attempt gets its own directory.</summary>
    private static IEnumerable<JsonObject> LogDirectory(ChildContext context) => context.Spec.Trainer.LogDir is not { } directory ? [] :
    [
        PodParts.Value("TENSORBOARD_DIR", directory),
        PodParts.Value("VERL_FILE_LOGGER_ROOT", $"{directory.TrimEnd('/')}/attempt-{context.Attempt}"),
    ];

    /// <summary>On the host's network two pods of a job would fight for the same ports. Goes beside any affinity of the user's.</summary>
    private static void OnePerNode(ChildContext context, JsonObject template)
    {
        var pod = template["spec"]!.AsObject();
        pod.Child("affinity").Child("podAntiAffinity").ChildList("requiredDuringSchedulingIgnoredDuringExecution").Add((JsonNode)new JsonObject
        {
            ["labelSelector"] = new JsonObject { ["matchLabels"] = ChildMeta.TrainerSelector(context) },
            ["topologyKey"] = "kubernetes.io/hostname",
        });
    }
}
