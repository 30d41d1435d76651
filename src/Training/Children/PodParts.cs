using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrpoOperator.Training.Children;

/// <summary>The parts that every pod of a job is made of.</summary>
internal static class PodParts
{
    /// <summary>A pod's termination messages share 12 KiB; the kubelet keeps at most 4 KiB of each and cuts from both ends.</summary>
    private const int MessageBudget = 12288;
    private const int MessageMost = 4096;
    private const int MessageMargin = 64;

    /// <summary>A container that runs the launcher in the given mode.</summary>
    public static JsonObject Container(ChildContext context, ChildKind kind, string mode, string? image, JsonElement? resources, IEnumerable<JsonObject> environment)
    {
        var spec = context.Spec;
        var container = new JsonObject
        {
            ["name"] = Names.MainContainer(kind),
            ["image"] = image ?? spec.Image,
            ["command"] = new JsonArray("/bin/bash", "/etc/grpo/launch.sh", mode),
            ["env"] = new JsonArray([.. environment.Concat(Raw(spec.Env))]),
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
        var pod = new JsonObject
        {
            ["containers"] = new JsonArray(container),
            ["volumes"] = new JsonArray([.. Volumes(context), .. volumes, .. Raw(spec.Volumes)]),
            ["enableServiceLinks"] = false,
            ["automountServiceAccountToken"] = false,
        };
        if (spec.ImagePullSecrets is { Count: > 0 }) pod["imagePullSecrets"] = new JsonArray([.. Raw(spec.ImagePullSecrets)]);
        if (spec.Scheduling.SchedulerName is { } scheduler) pod["schedulerName"] = scheduler;
        if (spec.Scheduling.PriorityClassName is { } priority) pod["priorityClassName"] = priority;
        return pod;
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

    /// <summary>The longest termination message that survives in a pod of so many containers.</summary>
    public static JsonObject MessageLimit(int containers) =>
        Value("GRPO_MESSAGE_LIMIT", (Math.Min(MessageMost, MessageBudget / Math.Max(1, containers)) - MessageMargin).ToString());

    /// <summary>A variable with a fixed value.</summary>
    public static JsonObject Value(string name, string value) => new() { ["name"] = name, ["value"] = value };

    /// <summary>A variable that holds a field of the pod.</summary>
    public static JsonObject Field(string name, string path) =>
        new() { ["name"] = name, ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = path } } };

    /// <summary>Fields of the spec that are taken over as they are.</summary>
    public static IEnumerable<JsonObject> Raw(IReadOnlyList<JsonElement>? elements) =>
        (elements ?? []).Select(element => (JsonObject)JsonNode.Parse(element.GetRawText())!);

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
