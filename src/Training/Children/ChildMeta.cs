using System.Text.Json.Nodes;
using GrpoOperator.Crds;

namespace GrpoOperator.Training.Children;

/// <summary>The metadata that all children share: labels by which they are found, and the job as controller.</summary>
internal static class ChildMeta
{
    /// <summary>An object of the given kind with name, labels and owner.</summary>
    public static JsonObject Object(ChildContext context, ChildKind kind, string apiVersion, string apiKind, JsonObject? annotations = null)
    {
        var metadata = new JsonObject
        {
            ["name"] = Names.Of(kind, context.JobName),
            ["namespace"] = context.Namespace,
            ["labels"] = LabelsOf(context, kind),
        };
        if (annotations is { Count: > 0 }) metadata["annotations"] = annotations;
        // Never blockOwnerDeletion: a job can always be deleted, and no right on its finalizers is needed.
        metadata["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = V1alpha1GrpoTrainingJob.KubeGroupVersion,
            ["kind"] = V1alpha1GrpoTrainingJob.KubeKind,
            ["name"] = context.JobName,
            ["uid"] = context.JobUid,
            ["controller"] = true,
        });
        return new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = apiKind, ["metadata"] = metadata };
    }

    /// <summary>Labels of a child, and of its pods.</summary>
    public static JsonObject LabelsOf(ChildContext context, ChildKind kind)
    {
        var labels = new JsonObject
        {
            ["app.kubernetes.io/name"] = Labels.AppName,
            ["app.kubernetes.io/instance"] = context.JobName,
            ["app.kubernetes.io/managed-by"] = Labels.ManagedBy,
            [Labels.Component] = Names.MainContainer(kind),
            [Labels.Job] = context.JobName,
            [Labels.JobUid] = context.JobUid,
        };
        var hasPods = kind is ChildKind.StatefulSet or ChildKind.InspectionJob or ChildKind.DataJob or ChildKind.ConversionJob;
        if (hasPods) labels[Labels.Incarnation] = context.Incarnation.ToString();
        if (kind == ChildKind.StatefulSet) labels[Labels.Attempt] = context.Attempt.ToString();
        return labels;
    }

    /// <summary>Kueue's labels of the job, for what asks for NPUs or runs long: StatefulSet, data and conversion Jobs.</summary>
    public static void AddKueue(ChildContext context, JsonObject child)
    {
        foreach (var key in new[] { Labels.KueueQueue, Labels.KueuePriority })
        {
            if (context.JobLabels.TryGetValue(key, out var value)) child["metadata"]!["labels"]![key] = value;
        }
    }

    /// <summary>Selector of the current incarnation's trainer pods.</summary>
    public static JsonObject TrainerSelector(ChildContext context) => new()
    {
        [Labels.JobUid] = context.JobUid,
        [Labels.Component] = Names.TrainerContainer,
        [Labels.Incarnation] = context.Incarnation.ToString(),
    };
}
