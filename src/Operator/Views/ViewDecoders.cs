using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.Views;

/// <summary>The decoders of everything that a job owns.</summary>
internal static class ViewDecoders
{
    public static ChildView<ObservedPod>? Pod(ReadOnlySpan<byte> json) =>
        ChildView.Decode(json, WireJsonContext.Default.WirePod, pod => pod.Metadata, PodProjection.Of);

    public static ChildView<ObservedStatefulSet>? StatefulSet(ReadOnlySpan<byte> json) =>
        ChildView.Decode(json, WireJsonContext.Default.WireStatefulSet, set => set.Metadata, (set, meta) => new ObservedStatefulSet(
            meta.Uid ?? string.Empty,
            ChildView.Number(meta.Label(Labels.Incarnation)),
            set.Spec?.Template?.Spec?.Containers?.FirstOrDefault(c => c.Name == Names.TrainerContainer)?.Env?.Any(e => e is { Name: "GRPO_SEALED", Value: "true" }) == true,
            meta.DeletionTimestamp is not null));

    public static ChildView<ObservedBatchJob>? BatchJob(ReadOnlySpan<byte> json) =>
        ChildView.Decode(json, WireJsonContext.Default.WireBatchJob, job => job.Metadata, (job, meta) =>
        {
            var end = job.Status?.Conditions?.FirstOrDefault(c => c is { Type: "Complete" or "Failed", Status: "True" });
            return new ObservedBatchJob
            {
                Uid = meta.Uid ?? string.Empty,
                Incarnation = ChildView.Number(meta.Label(Labels.Incarnation)),
                Try = meta.Annotation(Labels.Try),
                Outcome = end?.Type switch { "Complete" => BatchJobOutcome.Complete, "Failed" => BatchJobOutcome.Failed, _ => BatchJobOutcome.Running },
                FailureReason = end?.Reason,
                Deleting = meta.DeletionTimestamp is not null,
            };
        });

    public static ChildView<ObservedService>? Service(ReadOnlySpan<byte> json) =>
        ChildView.Decode(json, WireJsonContext.Default.WireService, service => service.Metadata, (service, meta) => new ObservedService(
            meta.Uid ?? string.Empty,
            service.Spec?.Selector?.GetValueOrDefault(Labels.Incarnation) is { } selected ? ChildView.Number(selected) : null));

    public static ChildView<ObservedConfigMap>? ConfigMap(ReadOnlySpan<byte> json) =>
        ChildView.Decode(json, WireJsonContext.Default.WireObject, map => map.Metadata, (_, meta) => new ObservedConfigMap(
            meta.Uid ?? string.Empty, meta.Annotation(Labels.ContentHash), meta.DeletionTimestamp is not null));

    public static ChildView<string>? NetworkPolicy(ReadOnlySpan<byte> json) =>
        ChildView.Decode(json, WireJsonContext.Default.WireObject, policy => policy.Metadata, (_, meta) => meta.Uid ?? string.Empty);

    /// <summary>A <c>FailedCreate</c> event; counts and times of repetitions don't make it news.</summary>
    public static RefusalView? Refusal(ReadOnlySpan<byte> json)
    {
        var wire = System.Text.Json.JsonSerializer.Deserialize(json, WireJsonContext.Default.WireEvent);
        if (wire?.InvolvedObject is not { Uid: { } uid, Name: { } name } || wire.Metadata.Name is null) return null;
        return new RefusalView
        {
            NamespacedName = new NamespacedName(wire.Metadata.Namespace ?? string.Empty, wire.Metadata.Name),
            Uid = wire.Metadata.Uid ?? string.Empty,
            ResourceVersion = wire.Metadata.ResourceVersion ?? string.Empty,
            Hash = new ViewHash().Add(uid).Add(wire.Message).Value,
            OwnerUid = uid,
            OwnerName = name,
            Refusal = new PodRefusal(wire.LastTimestamp ?? default, wire.Message ?? string.Empty),
        };
    }
}

/// <summary>An event that says why a StatefulSet or Job could not get its pods.</summary>
internal sealed record RefusalView : IView
{
    /// <inheritdoc/>
    public required NamespacedName NamespacedName { get; init; }

    /// <inheritdoc/>
    public required string Uid { get; init; }

    /// <inheritdoc/>
    public required string ResourceVersion { get; init; }

    /// <inheritdoc/>
    public required ulong Hash { get; init; }

    /// <summary>Uid of the StatefulSet or Job.</summary>
    public required string OwnerUid { get; init; }

    /// <summary>Name of the StatefulSet or Job.</summary>
    public required string OwnerName { get; init; }

    /// <summary>What was said.</summary>
    public required PodRefusal Refusal { get; init; }
}
