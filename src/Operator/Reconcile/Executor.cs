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
        Act.Delete delete => children.DeleteAsync(job, delete, cancellationToken),
        Act.ReplaceConfigMap replace => children.ReplaceConfigMapAsync(job, replace, cancellationToken),
        Act.Seal seal => children.SealAsync(job, seal, cancellationToken),
        Act.PointService point => children.PointServiceAsync(job, point, cancellationToken),
        Act.ForceDeletePod pod => children.ForceDeletePodAsync(job, pod, cancellationToken),
        _ => throw new InvalidOperationException($"Unknown act {act}."),
    };

    private async Task<bool> AskAsync(ObservedTrainingJob job, Question question, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime.WholeSeconds();
        if (question is not Question.PodsNow || (answers.Of(job.Uid).Pods is { } last && now - last.At < TimeSpan.FromSeconds(1))) return false;
        answers.Pods(job.Uid, new PodsAnswer(now, await ListPodsAsync(job, cancellationToken)));
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
