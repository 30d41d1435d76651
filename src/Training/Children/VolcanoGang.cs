using System.Text.Json;
using System.Text.Json.Nodes;
using GrpoOperator.Crds;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training.Children;

/// <summary>
/// What Volcano (from 1.12 on) and Ascend's plugin in it read. Volcano makes the PodGroup itself, from annotations, so that
/// the group's controller is the StatefulSet, as MindCluster expects.
/// </summary>
internal static class VolcanoGang
{
    /// <summary>Volcano's scheduler.</summary>
    public const string SchedulerName = "volcano";

    private const string SchedulePolicy = "huawei.com/schedule_policy";
    private const string SuperPodBlock = "sp-block";

    /// <summary>Whether Volcano starts the gang.</summary>
    public static bool Starts(ChildContext context) => context.Spec.Scheduling.Gang switch
    {
        GangMode.Volcano => true,
        GangMode.Auto => context.Cluster.Volcano && Schedules(context),
        _ => false,
    };

    /// <summary>Whether the gang gets a PodGroup of the operator's own.</summary>
    public static bool HasPodGroup(ChildContext context) => context.Cluster.PodGroups && Starts(context);

    /// <summary>Annotations of the StatefulSet: members without which none starts. Null where Volcano isn't used, or is told by a PodGroup.</summary>
    public static JsonObject? OfStatefulSet(ChildContext context, JobShape shape) =>
        Starts(context) && !HasPodGroup(context) ? new JsonObject { ["scheduling.volcano.sh/group-min-member"] = shape.Nodes.ToString() } : null;

    /// <summary>Annotations of the trainer pods.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> OfTrainers(ChildContext context, JobShape shape)
    {
        if (!Starts(context)) return [];
        var annotations = new JsonObject();
        if (shape.Preset.SchedulePolicy is { } policy) annotations[SchedulePolicy] = policy;
        if (shape.SpBlock is { } block) annotations[SuperPodBlock] = block.ToString();
        annotations["huawei.com/schedule_minAvailable"] = shape.Nodes.ToString();
        if (HasPodGroup(context)) annotations[PodGroup.NameAnnotation] = PodGroup.NameOf(context.JobName, context.Incarnation);
        Enqueue(context, annotations);
        return Detached(annotations);
    }

    /// <summary>The annotations of a pod template by which Ascend's plugin places its pods; it reads them from the group, too.</summary>
    public static JsonObject PolicyOf(JsonNode template) => new(
        template["metadata"]!["annotations"]!.AsObject().Where(annotation => annotation.Key is SchedulePolicy or SuperPodBlock).Select(annotation => KeyValuePair.Create(annotation.Key, annotation.Value?.DeepClone())));

    /// <summary>Annotations of a Job's pod that asks for some NPUs: placed by the workers' policy, never part of their gang.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> OfNpuJob(ChildContext context, JobShape shape)
    {
        if (!Starts(context) && !Schedules(context)) return [];
        var annotations = new JsonObject();
        if ((GivenPolicy(context.Spec) ?? shape.Preset.SchedulePolicy) is { } policy) annotations[SchedulePolicy] = policy;
        Enqueue(context, annotations);
        return Detached(annotations);
    }

    /// <summary>Annotations of a Job's pod without NPUs: only the queue that it is counted in.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> OfCpuJob(ChildContext context)
    {
        if (!Starts(context) && !Schedules(context)) return [];
        var annotations = new JsonObject();
        Enqueue(context, annotations);
        return Detached(annotations);
    }

    private static bool Schedules(ChildContext context) => context.Spec.Scheduling.SchedulerName == SchedulerName;

    private static void Enqueue(ChildContext context, JsonObject annotations)
    {
        if (context.Spec.Scheduling.Queue is { } queue) annotations["scheduling.volcano.sh/queue-name"] = queue;
    }

    private static string? GivenPolicy(GrpoTrainingJobSpec spec) =>
        spec.Workers.Template.Member("metadata").Member("annotations").Member(SchedulePolicy) is { ValueKind: JsonValueKind.String } given ? given.GetString() : null;

    private static List<KeyValuePair<string, JsonNode?>> Detached(JsonObject annotations) =>
        [.. annotations.Select(annotation => KeyValuePair.Create(annotation.Key, annotation.Value?.DeepClone()))];
}
