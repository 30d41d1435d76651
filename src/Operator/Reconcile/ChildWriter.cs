using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Views;
using GrpoOperator.Training;
using GrpoOperator.Training.Children;

namespace GrpoOperator.Operator.Reconcile;

/// <summary>
/// Writes children: POST, never adoption; deletes and patches only under the uid that was decided on. The writer below
/// lays every answer over the caches, so that the next decision sees its own writes.
/// </summary>
internal sealed class ChildWriter(IKubeReader reader, IKubeWriter writer, AnswerBook answers, TimeProvider time)
{
    /// <summary>POST. A refusal that repeating won't cure is noted instead of thrown.</summary>
    /// <returns>True when a refusal was noted.</returns>
    public async Task<bool> CreateAsync(ObservedTrainingJob job, ChildKind kind, JsonObject body, CancellationToken cancellationToken)
    {
        try
        {
            var made = await writer.CreateAsync(Resources.Of(kind), job.Namespace, body, cancellationToken);
            answers.Made(job.Uid, kind);
            if (kind == ChildKind.StatefulSet) answers.Dropped(job.Uid, DroppedFields.Of(Template(body), Template(JsonNode.Parse(made.Body.Span))));
            return false;
        }
        catch (KubeApiException exception) when (exception.IsAlreadyExists)
        {
            return await LookAtTakenNameAsync(job, kind, cancellationToken);
        }
        catch (KubeApiException exception) when (exception.IsForbidden || exception.IsInvalid)
        {
            Refuse(job, kind, RefusalOf(exception), exception.Message);
            return true;
        }
    }

    /// <summary>POST of a StatefulSet's PodGroup. Its name belongs to the incarnation: one that is there already was made before.</summary>
    /// <returns>True: the answer is noted.</returns>
    public async Task<bool> CreatePodGroupAsync(ObservedTrainingJob job, Act.CreatePodGroup act, CancellationToken cancellationToken)
    {
        RefusedWrite? refusal = null;
        try
        {
            await writer.CreateAsync(Resources.PodGroups, job.Namespace, act.Body, cancellationToken);
        }
        catch (KubeApiException exception) when (exception.IsForbidden || exception.IsInvalid || exception.IsNotFound)
        {
            refusal = new RefusedWrite(time.GetUtcNow().UtcDateTime.WholeSeconds(), RefusalOf(exception), exception.Message);
        }
        catch (KubeApiException exception) when (exception.IsAlreadyExists)
        {
            // Made before this operator led.
        }

        answers.PodGroup(job.Uid, new PodGroupAnswer(act.StatefulSetUid, refusal));
        return true;
    }

    /// <summary>DELETE of a child with <c>Background</c> propagation. Gone already, or another object by now: nothing to do.</summary>
    public async Task<bool> DeleteAsync(ObservedTrainingJob job, Act.Delete act, CancellationToken cancellationToken)
    {
        await DeleteAsync(Resources.Of(act.Child), new NamespacedName(job.Namespace, act.Name), new DeleteOptions(act.Uid), cancellationToken);
        return false;
    }

    /// <summary>The launch ConfigMap is immutable: it is replaced by deleting it.</summary>
    public async Task<bool> ReplaceConfigMapAsync(ObservedTrainingJob job, Act.ReplaceConfigMap act, CancellationToken cancellationToken)
    {
        var name = Names.Of(ChildKind.LaunchConfig, job.Name);
        await DeleteAsync(job, new Act.Delete(ChildKind.LaunchConfig, name, act.Uid), cancellationToken);
        return await CreateAsync(job, ChildKind.LaunchConfig, act.Body, cancellationToken);
    }

    /// <summary>Adds <c>GRPO_SEALED</c> to the template; under <c>OnDelete</c> that touches replacements only.</summary>
    public Task<bool> SealAsync(ObservedTrainingJob job, Act.Seal act, CancellationToken cancellationToken) =>
        PatchAsync(job, ChildKind.StatefulSet, act.StatefulSetUid, new JsonArray(
            Operation("test", "/spec/template/spec/containers/0/name", Names.TrainerContainer),
            Operation("add", "/spec/template/spec/containers/0/env/-", new JsonObject { ["name"] = "GRPO_SEALED", ["value"] = "true" })), cancellationToken);

    /// <summary>Lets the Service select an incarnation's pods.</summary>
    public Task<bool> PointServiceAsync(ObservedTrainingJob job, Act.PointService act, CancellationToken cancellationToken) =>
        PatchAsync(job, ChildKind.Service, act.ServiceUid, new JsonArray(
            Operation("add", "/spec/selector/" + Labels.Incarnation.Replace("/", "~1", StringComparison.Ordinal), act.Incarnation.ToString())), cancellationToken);

    /// <summary>Removes a pod object without waiting for its node.</summary>
    public async Task<bool> ForceDeletePodAsync(ObservedTrainingJob job, Act.ForceDeletePod act, CancellationToken cancellationToken)
    {
        await DeleteAsync(ApiResources.Pods, new NamespacedName(job.Namespace, act.Name), new DeleteOptions(act.Uid, GracePeriodSeconds: 0), cancellationToken);
        return false;
    }

    /// <summary>Removes the job itself, children in the background.</summary>
    public async Task<bool> DeleteJobAsync(ObservedTrainingJob job, Act.DeleteJob act, CancellationToken cancellationToken)
    {
        await DeleteAsync(Resources.TrainingJobs, new NamespacedName(job.Namespace, job.Name), new DeleteOptions(act.Uid), cancellationToken);
        return false;
    }

    private async Task<bool> PatchAsync(ObservedTrainingJob job, ChildKind kind, string uid, JsonArray operations, CancellationToken cancellationToken)
    {
        operations.Insert(0, Operation("test", "/metadata/uid", uid));
        try
        {
            var name = new NamespacedName(job.Namespace, Names.Of(kind, job.Name));
            await writer.PatchAsync(Resources.Of(kind), name, PatchType.Json, operations.Utf8(), subresource: null, cancellationToken);
        }
        catch (KubeApiException exception) when (exception.IsNotFound)
        {
            // It went meanwhile; the watch tells.
        }

        return false;
    }

    private async Task DeleteAsync(ApiResource resource, NamespacedName name, DeleteOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await writer.DeleteAsync(resource, name, options, cancellationToken);
        }
        catch (KubeApiException exception) when (exception.IsNotFound || exception.IsConflict)
        {
            // Gone, or another object bears the name now: this uid is deleted either way.
        }
    }

    /// <summary>An object of that name exists. Ours: the cache is late, and the create had been done. Another's: it is left alone.</summary>
    private async Task<bool> LookAtTakenNameAsync(ObservedTrainingJob job, ChildKind kind, CancellationToken cancellationToken)
    {
        var name = new NamespacedName(job.Namespace, Names.Of(kind, job.Name));
        var found = await reader.GetAsync(Resources.Of(kind), name, cancellationToken);
        var meta = System.Text.Json.JsonSerializer.Deserialize(found.Body.Span, WireJsonContext.Default.WireObject)!.Metadata;
        if (meta.Controller?.Uid == job.Uid)
        {
            answers.Made(job.Uid, kind);
            return false;
        }

        var owner = meta.Controller is { } controller ? $"{controller.Kind} {controller.Name}" : "somebody else";
        Refuse(job, kind, RefusalKind.NameTaken, $"an object of that name exists and belongs to {owner}; it is left alone");
        return true;
    }

    private static JsonNode? Template(JsonNode? statefulSet) => statefulSet?["spec"]?["template"];

    private void Refuse(ObservedTrainingJob job, ChildKind kind, RefusalKind why, string message) =>
        answers.Refused(job.Uid, kind, new RefusedWrite(time.GetUtcNow().UtcDateTime.WholeSeconds(), why, message));

    private static RefusalKind RefusalOf(KubeApiException exception) =>
        exception.IsInvalid ? RefusalKind.Invalid
        : exception.Message.Contains("exceeded quota", StringComparison.Ordinal) || exception.Message.Contains("admission webhook", StringComparison.Ordinal)
            || exception.Message.Contains("denied the request", StringComparison.Ordinal) ? RefusalKind.Admission
        : RefusalKind.Forbidden;

    // Put into arrays by their constructor: their generic Add is what NativeAOT refuses.
    private static JsonObject Operation(string op, string path, JsonNode value) => new() { ["op"] = op, ["path"] = path, ["value"] = value };
}
