using System.Text.Json;
using System.Text.Json.Nodes;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training.Children;

/// <summary>The parts that every pod of a job is made of.</summary>
internal static class PodParts
{
    /// <summary>A pod's termination messages share 12 KiB; the kubelet keeps at most 4 KiB of each and cuts from both ends.</summary>
    private const int MessageBudget = 12288;
    private const int MessageMost = 4096;
    private const int MessageMargin = 64;

    /// <summary>Annotations of every pod: an autoscaler that empties a node would end the work.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> Annotations =>
        [KeyValuePair.Create("cluster-autoscaler.kubernetes.io/safe-to-evict", (JsonNode?)"false")];

    /// <summary>A container that runs the launcher in the given mode.</summary>
    public static JsonObject Container(ChildContext context, ChildKind kind, string mode, string? image, JsonElement? resources, IEnumerable<JsonObject> environment)
    {
        var spec = context.Spec;
        var container = new JsonObject
        {
            ["name"] = Names.MainContainer(kind),
            ["image"] = image ?? spec.Image,
            ["command"] = new JsonArray("/bin/bash", "/etc/grpo/launch.sh", mode),
            ["env"] = new JsonArray([.. Defaults(environment, spec.Env), .. Raw(spec.Env)]),
            ["volumeMounts"] = new JsonArray([.. Mounts(), .. Raw(spec.VolumeMounts)]),
            ["terminationMessagePath"] = "/dev/termination-log",
            ["terminationMessagePolicy"] = "FallbackToLogsOnError",
        };
        if (spec.ImagePullPolicy is { } policy) container["imagePullPolicy"] = policy.ToString();
        if (spec.EnvFrom is { Count: > 0 }) container["envFrom"] = new JsonArray([.. Raw(spec.EnvFrom)]);
        if (resources is { } given) container["resources"] = JsonNode.Parse(given.GetRawText());
        return container;
    }

    /// <summary>The pod spec around a container.</summary>
    public static JsonObject Pod(ChildContext context, JsonObject container, IEnumerable<JsonObject> volumes)
    {
        var spec = context.Spec;
        var shape = JobShape.Of(spec);
        var pod = new JsonObject
        {
            ["containers"] = new JsonArray(container),
            ["volumes"] = new JsonArray([.. Volumes(context), .. volumes, .. Raw(spec.Volumes)]),
            ["enableServiceLinks"] = false,
            ["automountServiceAccountToken"] = false,
        };
        if (spec.ImagePullSecrets is { Count: > 0 }) pod["imagePullSecrets"] = new JsonArray([.. Raw(spec.ImagePullSecrets)]);
        if ((spec.Scheduling.SchedulerName ?? (VolcanoGang.Starts(context) ? VolcanoGang.SchedulerName : null)) is { } scheduler) pod["schedulerName"] = scheduler;
        if (spec.Scheduling.PriorityClassName is { } priority) pod["priorityClassName"] = priority;
        if (WorkerScheduling.NodeSelector(shape) is { } nodes) pod["nodeSelector"] = nodes;
        // An image says by itself who it runs as, and most for Ascend say root.
        if (!context.Cluster.Allowed.RunAsRoot) pod["securityContext"] = new JsonObject { ["runAsNonRoot"] = true };
        return pod;
    }

    /// <summary>The pod template of a child, with every overlay on it.</summary>
    public static JsonObject TemplateOf(ChildContext context, ChildKind kind)
    {
        var child = kind switch
        {
            ChildKind.StatefulSet => TrainerStatefulSet.Build(context),
            ChildKind.InspectionJob => InspectionJob.Build(context),
            ChildKind.DataJob => DataJob.Build(context),
            ChildKind.ConversionJob => ConversionJob.Build(context),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
        };
        return child["spec"]!["template"]!.AsObject();
    }

    /// <summary>Variables that the launcher needs in every pod.</summary>
    public static IEnumerable<JsonObject> Environment(ChildContext context) =>
    [
        Field("POD_NAME", "metadata.name"),
        Field("POD_NAMESPACE", "metadata.namespace"),
        Field("POD_IP", "status.podIP"),
        Field("HOST_IP", "status.hostIP"),
        Field("NODE_NAME", "spec.nodeName"),
        Field("GRPO_POD_UID", "metadata.uid"),
        Value("GRPO_JOB", context.JobName),
        Value("GRPO_JOB_UID", context.JobUid),
        Value("GRPO_INCARNATION", context.Incarnation.ToString()),
        Value("GRPO_TIMINGS", context.Timings.Launcher.ToJson()),
    ];

    /// <summary>
    /// Tells the launcher the longest message that survives in the pod as it became: the kubelet shares what a pod may say
    /// between all its containers, those that only initialise included.
    /// </summary>
    public static void SetMessageLimit(JsonObject template, ChildKind kind)
    {
        var pod = template["spec"]!;
        var sharing = pod["containers"]!.AsArray().Count + ((pod["initContainers"] as JsonArray)?.Count ?? 0);
        var limit = Math.Min(MessageMost, MessageBudget / sharing) - MessageMargin;
        Own(template, kind)["env"]!.AsArray().Insert(0, Value("GRPO_MESSAGE_LIMIT", limit.ToString()));
    }

    /// <summary>The container of a pod template whose end counts.</summary>
    public static JsonObject Own(JsonObject template, ChildKind kind) =>
        template["spec"]!["containers"]!.AsArray().Select(container => (JsonObject)container!).First(container => (string?)container["name"] == Names.MainContainer(kind));

    /// <summary>The host's driver for a container that uses devices, where the node's runtime doesn't mount it.</summary>
    public static void AddDriver(ChildContext context, JsonObject container, List<JsonObject> volumes)
    {
        if (!context.Spec.Workers.DriverMounts) return;
        foreach (var mount in DriverMounts.All)
        {
            volumes.Add(new JsonObject { ["name"] = mount.Volume, ["hostPath"] = new JsonObject { ["path"] = mount.Path, ["type"] = mount.Type } });
            container["volumeMounts"]!.AsArray().Add((JsonNode)new JsonObject { ["name"] = mount.Volume, ["mountPath"] = mount.Path, ["readOnly"] = true });
        }
    }

    /// <summary>A default of the environment as a container's variable.</summary>
    public static JsonObject Variable(EnvironmentDefault variable) =>
        variable.Value is { } value ? Value(variable.Name, value) : Field(variable.Name, variable.FieldPath!);

    /// <summary>The image that makes data or weights, to be recorded beside them.</summary>
    public static JsonObject Image(string image) => Value("GRPO_IMAGE", image);

    /// <summary>A variable with a fixed value.</summary>
    public static JsonObject Value(string name, string value) => new() { ["name"] = name, ["value"] = value };

    /// <summary>A variable that holds a field of the pod.</summary>
    public static JsonObject Field(string name, string path) =>
        new() { ["name"] = name, ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = path } } };

    /// <summary>Fields of the spec that are taken over as they are.</summary>
    public static IEnumerable<JsonObject> Raw(IReadOnlyList<JsonElement>? elements) =>
        (elements ?? []).Select(element => (JsonObject)JsonNode.Parse(element.GetRawText())!);

    /// <summary>What the operator sets, but for what the job's own environment sets; the rules keep owned variables out of that.</summary>
    private static IEnumerable<JsonObject> Defaults(IEnumerable<JsonObject> environment, IReadOnlyList<JsonElement>? given)
    {
        var names = (given ?? []).Select(variable => ((JsonElement?)variable).Text("name")).ToHashSet(StringComparer.Ordinal);
        return environment.Where(variable => !names.Contains((string?)variable["name"]));
    }

    private static JsonObject[] Mounts() =>
    [
        new JsonObject { ["name"] = "grpo-launch", ["mountPath"] = "/etc/grpo", ["readOnly"] = true },
        new JsonObject { ["name"] = "grpo-run", ["mountPath"] = "/run/grpo" },
    ];

    private static JsonObject[] Volumes(ChildContext context) =>
    [
        new JsonObject { ["name"] = "grpo-launch", ["configMap"] = new JsonObject { ["name"] = Names.Of(ChildKind.LaunchConfig, context.JobName) } },
        new JsonObject { ["name"] = "grpo-run", ["emptyDir"] = new JsonObject() },
    ];
}
