using System.Text.Json;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Events;
using GrpoOperator.Operator.Views;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.Reconcile;

/// <summary>
/// Carries a decision out, in its order: the status write, then the acts that it announces, then questions and events. A
/// conflict on the status throws the whole decision away; what a create answered goes into the next observation.
/// </summary>
internal sealed class Executor(
    IKubeReader reader, IKubeWriter writer, AnswerBook answers, IEventRecorder events, TimeProvider time)
{
    private readonly ChildWriter children = new(reader, writer, answers, time);

    /// <summary>Carries out a decision.</summary>
    /// <returns>True when an answer came that the next decision should see at once.</returns>
    /// <exception cref="KubeApiException">A write failed; what follows it was not done. A conflict means: decide again.</exception>
    public async Task<bool> CarryOutAsync(TrainingJobView view, Decision decision, CancellationToken cancellationToken)
    {
        await WriteStatusAsync(view, decision, cancellationToken);
        var again = false;
        foreach (var act in decision.Acts)
        {
            again = await DoAsync(view.Job, act, cancellationToken);
            // What follows a refused create builds on it: a Job would run what somebody else's ConfigMap says.
            if (again) break;
        }

        foreach (var question in decision.Questions) again |= await AskAsync(view.Job, question, cancellationToken);
        Tell(view, decision);
        return again;
    }

    private async Task WriteStatusAsync(TrainingJobView view, Decision decision, CancellationToken cancellationToken)
    {
        if (StatusPatch.Between(view.Job.Status, decision.Status, view.Uid, view.ResourceVersion) is not { } patch) return;
        await writer.MergePatchAsync(Resources.TrainingJobs, view.NamespacedName, "status", patch, cancellationToken);
    }

    private Task<bool> DoAsync(ObservedTrainingJob job, Act act, CancellationToken cancellationToken) => act switch
    {
        Act.Create create => children.CreateAsync(job, create.Child, create.Body, cancellationToken),
        Act.CreatePodGroup create => children.CreatePodGroupAsync(job, create, cancellationToken),
        Act.Delete delete => children.DeleteAsync(job, delete, cancellationToken),
        Act.ReplaceConfigMap replace => children.ReplaceConfigMapAsync(job, replace, cancellationToken),
        Act.Seal seal => children.SealAsync(job, seal, cancellationToken),
        Act.PointService point => children.PointServiceAsync(job, point, cancellationToken),
        Act.DeleteJob delete => children.DeleteJobAsync(job, delete, cancellationToken),
        Act.ForceDeletePod pod => children.ForceDeletePodAsync(job, pod, cancellationToken),
        _ => throw new InvalidOperationException($"Unknown act {act}."),
    };

    private Task<bool> AskAsync(ObservedTrainingJob job, Question question, CancellationToken cancellationToken) => question switch
    {
        Question.PodsNow pods => AskForPodsAsync(job, pods.OverJob, cancellationToken),
        Question.ClaimModes claim => AskForClaimAsync(job, claim.Claim, cancellationToken),
        Question.NodeLease lease => AskForLeaseAsync(job, lease.Node, cancellationToken),
        _ => throw new InvalidOperationException($"Unknown question {question}."),
    };

    private async Task<bool> AskForPodsAsync(ObservedTrainingJob job, string? overJob, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime.WholeSeconds();
        if (answers.Of(job.Uid).Pods is { } last && now - last.At < TimeSpan.FromSeconds(1)) return false;
        var pods = await ListPodsAsync(job, cancellationToken);
        foreach (var pod in pods.Where(pod => pod.FirstEnd is not null)) answers.Ended(job.Uid, pod.Uid);
        answers.Pods(job.Uid, new PodsAnswer(now, pods, overJob));
        return true;
    }

    /// <summary>A claim that isn't there, or may not be seen, has no modes: its pods will tell of it.</summary>
    private async Task<bool> AskForClaimAsync(ObservedTrainingJob job, string claim, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> modes = [];
        try
        {
            var answer = await reader.GetAsync(ApiResources.PersistentVolumeClaims, new NamespacedName(job.Namespace, claim), cancellationToken);
            modes = JsonSerializer.Deserialize(answer.Body.Span, WireJsonContext.Default.WireClaim)?.Spec?.AccessModes ?? [];
        }
        catch (KubeApiException exception) when (exception.IsForbidden || exception.IsNotFound)
        {
        }

        answers.Claim(job.Uid, claim, modes);
        return true;
    }

    /// <summary>The age is measured by the API server's clock, which kubelets write their leases through.</summary>
    private async Task<bool> AskForLeaseAsync(ObservedTrainingJob job, string node, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        TimeSpan? age = null;
        try
        {
            var answer = await reader.GetAsync(ApiResources.Leases, new NamespacedName("kube-node-lease", node), cancellationToken);
            var lease = JsonSerializer.Deserialize(answer.Body.Span, WireJsonContext.Default.WireLease);
            age = lease?.Spec?.RenewTime is { } renewed ? (answer.ServerTime ?? now).UtcDateTime - renewed.ToUniversalTime() : null;
        }
        catch (KubeApiException exception) when (exception.IsForbidden)
        {
            // Not allowed to look: nothing is known of it, so it is not called old.
            age = TimeSpan.Zero;
        }
        catch (KubeApiException exception) when (exception.IsNotFound)
        {
            // A node without a lease has no kubelet.
        }

        answers.Lease(job.Uid, node, new LeaseAnswer(now.UtcDateTime.WholeSeconds(), age));
        return true;
    }

    /// <summary>The pods of the job as the API server has them now, past all caches.</summary>
    private async Task<IReadOnlyList<ObservedPod>> ListPodsAsync(ObservedTrainingJob job, CancellationToken cancellationToken)
    {
        var pods = new List<ObservedPod>();
        string? token = null;
        do
        {
            var page = await reader.ListPageAsync(ApiResources.Pods, new Scope(job.Namespace, $"{Labels.JobUid}={job.Uid}"), 500, token, cancellationToken);
            pods.AddRange(page.Items.Select(item => ViewDecoders.Pod(item.Span)).OfType<ChildView<ObservedPod>>().Where(pod => Observer.IsOurs(pod, job)).Select(pod => pod.Observed));
            token = page.Continue;
        }
        while (!string.IsNullOrEmpty(token));
        return pods;
    }

    private void Tell(TrainingJobView view, Decision decision)
    {
        var subject = new EventSubject(Resources.TrainingJobs, view.NamespacedName, view.Uid);
        foreach (var draft in decision.Events)
            events.Record(subject, draft.Warning ? EventType.Warning : EventType.Normal, draft.Reason, draft.Message, decision.Status.Incarnation.ToString());
    }
}
