using System.Text.Json.Nodes;
using GrpoOperator.Crds;
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
        var set = ChildMeta.Object(context, ChildKind.StatefulSet, "apps/v1", "StatefulSet", Gang(context, shape));
        ChildMeta.AddKueue(context, set);
        set["spec"] = new JsonObject
        {
            ["replicas"] = shape.Nodes,
            ["serviceName"] = Names.Of(ChildKind.Service, context.JobName),
            ["podManagementPolicy"] = "Parallel",
            ["updateStrategy"] = new JsonObject { ["type"] = "OnDelete" },
            ["selector"] = new JsonObject { ["matchLabels"] = ChildMeta.TrainerSelector(context) },
            ["template"] = PodTemplateOverlay.Merge(Template(context, shape), context.Spec.Workers.Template),
        };
        return set;
    }

    /// <summary>A default of the environment as a container's variable.</summary>
    internal static JsonObject Variable(EnvironmentDefault variable) =>
        variable.Value is { } value ? PodParts.Value(variable.Name, value) : PodParts.Field(variable.Name, variable.FieldPath!);

    private static JsonObject Template(ChildContext context, JobShape shape)
    {
        var container = PodParts.Container(context, ChildKind.StatefulSet, "train", image: null, context.Spec.Workers.Resources, Environment(context, shape));
        if (container["resources"]?["requests"]?["cpu"] is null && container["resources"]?["limits"]?["cpu"] is null) RequestCpus(container, shape);
        NpuResources.Add(container, shape.ResourceName, shape.NpusPerNode);
        container["readinessProbe"] = new JsonObject
        {
            ["exec"] = new JsonObject { ["command"] = new JsonArray("test", "-f", "/run/grpo/ready") },
            ["periodSeconds"] = 10,
            ["timeoutSeconds"] = 10,
            ["failureThreshold"] = 6,
        };
        container["volumeMounts"]!.AsArray().Add((JsonNode)new JsonObject { ["name"] = "grpo-shm", ["mountPath"] = "/dev/shm" });
        var volumes = new List<JsonObject>
        {
            new() { ["name"] = "grpo-shm", ["emptyDir"] = new JsonObject { ["medium"] = "Memory", ["sizeLimit"] = context.Spec.Workers.SharedMemory } },
        };
        if (context.Spec.Workers.DriverMounts) AddDriver(container, volumes);
        var pod = PodParts.Pod(context, container, volumes);
        pod["terminationGracePeriodSeconds"] = GracePeriodSeconds;
        if (shape.Preset.RuntimeClassName is { } runtime) pod["runtimeClassName"] = runtime;
        if (context.Spec.Workers.HostNetwork) UseHostNetwork(context, pod);
        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = ChildMeta.LabelsOf(context, ChildKind.StatefulSet), ["annotations"] = Annotations(context, shape) },
            ["spec"] = pod,
        };
    }

    private static IEnumerable<JsonObject> Environment(ChildContext context, JobShape shape) =>
    [
        .. PodParts.Environment(context),
        PodParts.Value("MASTER_ADDR", Names.MasterAddress(context.JobName, context.Namespace)),
        PodParts.Value("MASTER_PORT", context.Spec.Ray.Port.ToString()),
        PodParts.Value("NNODES", shape.Nodes.ToString()),
        PodParts.Value("NPROC_PER_NODE", shape.NpusPerNode.ToString()),
        PodParts.Value("WORLD_SIZE", shape.TotalNpus.ToString()),
        PodParts.Value("GRPO_ATTEMPT", context.Attempt.ToString()),
        PodParts.Value("GRPO_RESUME_EPOCH", context.ResumeEpoch.ToString()),
        PodParts.Value("GRPO_FENCE_WAIT", context.FenceWait ? "1" : "0"),
        PodParts.MessageLimit(1 + Sidecars(context)),
        .. HcclEnvironment.For(context.Spec, shape, context.JobUid).Select(Variable),
        .. LogDirectory(context),
    ];

    /// <summary>verl truncates its file log at every start, so each attempt gets its own directory.</summary>
    private static IEnumerable<JsonObject> LogDirectory(ChildContext context) => context.Spec.Trainer.LogDir is not { } directory ? [] :
    [
        PodParts.Value("TENSORBOARD_DIR", directory),
        PodParts.Value("VERL_FILE_LOGGER_ROOT", $"{directory.TrimEnd('/')}/attempt-{context.Attempt}"),
    ];

    private static int Sidecars(ChildContext context) =>
        context.Spec.Workers.Template is { } template && JsonNode.Parse(template.GetRawText())?["spec"]?["containers"] is JsonArray containers
            ? containers.Count(container => (string?)container?["name"] != Names.TrainerContainer)
            : 0;

    private static void RequestCpus(JsonObject container, JobShape shape)
    {
        if (container["resources"] is not JsonObject resources) container["resources"] = resources = [];
        if (resources["requests"] is not JsonObject requests) resources["requests"] = requests = [];
        requests["cpu"] = JobShape.DefaultCpus(shape.NpusPerNode).ToString();
    }

    private static void AddDriver(JsonObject container, List<JsonObject> volumes)
    {
        foreach (var mount in DriverMounts.All)
        {
            volumes.Add(new JsonObject { ["name"] = mount.Volume, ["hostPath"] = new JsonObject { ["path"] = mount.Path, ["type"] = mount.Type } });
            container["volumeMounts"]!.AsArray().Add((JsonNode)new JsonObject { ["name"] = mount.Volume, ["mountPath"] = mount.Path, ["readOnly"] = true });
        }
    }

    /// <summary>One pod per node: two of a job would fight for the same ports.</summary>
    private static void UseHostNetwork(ChildContext context, JsonObject pod)
    {
        pod["hostNetwork"] = true;
        pod["dnsPolicy"] = "ClusterFirstWithHostNet";
        pod["affinity"] = new JsonObject
        {
            ["podAntiAffinity"] = new JsonObject
            {
                ["requiredDuringSchedulingIgnoredDuringExecution"] = new JsonArray(new JsonObject
                {
                    ["labelSelector"] = new JsonObject { ["matchLabels"] = ChildMeta.TrainerSelector(context) },
                    ["topologyKey"] = "kubernetes.io/hostname",
                }),
            },
        };
    }

    private static JsonObject Annotations(ChildContext context, JobShape shape)
    {
        var annotations = new JsonObject { ["cluster-autoscaler.kubernetes.io/safe-to-evict"] = "false" };
        if (!UsesVolcano(context)) return annotations;
        if (shape.Preset.SchedulePolicy is { } policy) annotations["huawei.com/schedule_policy"] = policy;
        if (shape.SpBlock is { } block) annotations["sp-block"] = block.ToString();
        annotations["huawei.com/schedule_minAvailable"] = shape.Nodes.ToString();
        if (context.Spec.Scheduling.Queue is { } queue) annotations["scheduling.volcano.sh/queue-name"] = queue;
        return annotations;
    }

    /// <summary>Volcano ≥ 1.12 makes the PodGroup itself, with this many members.</summary>
    private static JsonObject? Gang(ChildContext context, JobShape shape) =>
        UsesVolcano(context) ? new JsonObject { ["scheduling.volcano.sh/group-min-member"] = shape.Nodes.ToString() } : null;

    private static bool UsesVolcano(ChildContext context) => context.Spec.Scheduling.Gang switch
    {
        GangMode.Volcano => true,
        GangMode.Auto => context.Cluster.Volcano && context.Spec.Scheduling.SchedulerName == "volcano",
        _ => false,
    };
}
