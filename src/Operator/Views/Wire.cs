using System.Text.Json;
using System.Text.Json.Serialization;

namespace GrpoOperator.Operator.Views;

// The parts of Kubernetes objects that views are made of, as they stand in the JSON. Everything else is skipped while
// decoding, managed fields and last-applied above all. One word each: they are read in one place only.

internal sealed record WireMeta(
    string? Name, string? Namespace, string? Uid, string? ResourceVersion, long Generation, DateTime? CreationTimestamp, DateTime? DeletionTimestamp, long? DeletionGracePeriodSeconds,
    Dictionary<string, string>? Labels, Dictionary<string, string>? Annotations, List<WireOwner>? OwnerReferences, List<string>? Finalizers)
{
    public WireOwner? Controller => OwnerReferences?.FirstOrDefault(owner => owner.Controller == true);

    public string? Label(string key) => Labels?.GetValueOrDefault(key);

    public string? Annotation(string key) => Annotations?.GetValueOrDefault(key);
}

internal sealed record WireOwner(string? Kind, string? Name, string? Uid, bool? Controller);

internal sealed record WireObject(WireMeta Metadata);

internal sealed record WireJobObject(WireMeta Metadata, JsonElement? Spec, JsonElement? Status);

internal sealed record WireCondition(string? Type, string? Status, string? Reason, string? Message, DateTime? LastTransitionTime);

internal sealed record WirePod(WireMeta Metadata, WirePodSpec? Spec, WirePodStatus? Status);

internal sealed record WirePodSpec(string? NodeName, List<WireNamed>? SchedulingGates);

internal sealed record WireNamed(string? Name, string? Value);

internal sealed record WirePodStatus(string? Phase, string? Reason, string? Message, List<WireCondition>? Conditions, List<WireContainerStatus>? ContainerStatuses);

internal sealed record WireContainerStatus(string? Name, int RestartCount, WireContainerState? State, WireContainerState? LastState);

internal sealed record WireContainerState(WireRunning? Running, WireWaiting? Waiting, WireTerminated? Terminated);

internal sealed record WireRunning(DateTime? StartedAt);

internal sealed record WireWaiting(string? Reason, string? Message);

internal sealed record WireTerminated(int ExitCode, string? Reason, string? Message, DateTime? StartedAt, DateTime? FinishedAt);

internal sealed record WireStatefulSet(WireMeta Metadata, WireStatefulSetSpec? Spec);

internal sealed record WireStatefulSetSpec(WireTemplate? Template);

internal sealed record WireTemplate(WireTemplateSpec? Spec);

internal sealed record WireTemplateSpec(List<WireContainer>? Containers);

internal sealed record WireContainer(string? Name, List<WireNamed>? Env);

internal sealed record WireBatchJob(WireMeta Metadata, WireBatchJobStatus? Status);

internal sealed record WireBatchJobStatus(List<WireCondition>? Conditions);

internal sealed record WireService(WireMeta Metadata, WireServiceSpec? Spec);

internal sealed record WireServiceSpec(Dictionary<string, string>? Selector);

internal sealed record WireEvent(WireMeta Metadata, WireReference? InvolvedObject, string? Message, DateTime? LastTimestamp);

internal sealed record WireNode(WireMeta Metadata, WireNodeSpec? Spec, WireNodeStatus? Status);

internal sealed record WireNodeSpec(bool? Unschedulable);

internal sealed record WireNodeStatus(List<WireCondition>? Conditions, Dictionary<string, string>? Allocatable);

internal sealed record WireLease(WireLeaseSpec? Spec);

internal sealed record WireLeaseSpec(DateTime? RenewTime);

internal sealed record WireClaim(WireClaimSpec? Spec);

internal sealed record WireClaimSpec(IReadOnlyList<string>? AccessModes);

internal sealed record WireReference(string? Kind, string? Name, string? Uid);

/// <summary>Source-generated decoding of the records above.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WireObject))]
[JsonSerializable(typeof(WireJobObject))]
[JsonSerializable(typeof(WirePod))]
[JsonSerializable(typeof(WireStatefulSet))]
[JsonSerializable(typeof(WireBatchJob))]
[JsonSerializable(typeof(WireService))]
[JsonSerializable(typeof(WireEvent))]
[JsonSerializable(typeof(WireNode))]
[JsonSerializable(typeof(WireLease))]
[JsonSerializable(typeof(WireClaim))]
internal sealed partial class WireJsonContext : JsonSerializerContext;
