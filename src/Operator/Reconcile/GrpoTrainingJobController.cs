using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Queue;
using GrpoOperator.Operator.Progress;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.Reconcile;

/// <summary>
/// The one place that ties the flow together: key → Observe (no request) → Decide (pure) → Act (the status write, then
/// what it announces). Everything that happens to a job goes through here, one run at a time for each job.
/// </summary>
internal sealed class GrpoTrainingJobController(
    JobCaches caches, ClusterProbe cluster, Observer observer, Executor executor, LogPoller poller, AnswerBook answers, ConsoleBook consoles, TimeProvider time) : IReconciler
{
    /// <inheritdoc/>
    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (caches.Jobs.Get(key) is not { } job)
        {
            // Gone: owner references removed its children. What was remembered of it goes when its uid is known to be gone.
            return ReconcileResult.Done;
        }

        var observation = observer.Of(job, await cluster.FactsAsync(cancellationToken));
        var decision = Decide.For(observation);
        poller.Follow(job.NamespacedName, job.Uid, decision.Console);
        var again = await executor.CarryOutAsync(job, decision, cancellationToken);
        return ReconcileResult.At(again ? time.GetUtcNow() : decision.LookAgainAt is { } at ? new DateTimeOffset(at, TimeSpan.Zero) : null);
    }

    /// <summary>Forgets what was remembered of a job that is gone.</summary>
    public void Forget(NamespacedName key, string uid)
    {
        poller.Follow(key, uid, source: null);
        answers.Forget(uid);
        consoles.Forget(uid);
    }
}
