namespace GrpoOperator.KubeRuntime;

/// <summary>How a reconcile ended, in the words of <c>controller_runtime_reconcile_total</c>.</summary>
public enum ReconcileOutcome
{
    /// <summary>Nothing more to do.</summary>
    Success,

    /// <summary>It failed, and is tried again.</summary>
    Error,

    /// <summary>A conflict: again at once.</summary>
    Requeue,

    /// <summary>It asked for another look at a point in time.</summary>
    RequeueAfter,
}

/// <summary>What the runtime tells about itself. One method is one metric; an implementation only writes it down.</summary>
public interface IRuntimeMetrics
{
    /// <summary>A request got its answer; <paramref name="code"/> is 0 when none came.</summary>
    void RequestFinished(string method, int code, TimeSpan elapsed);

    /// <summary>A watch had to be opened again, or the list to be read again (<paramref name="reason"/>: a small closed set).</summary>
    void WatchRestarted(string resource, string reason);

    /// <summary>An object could not be decoded.</summary>
    void ObjectUndecodable(string resource);

    /// <summary>Keys that wait for a worker.</summary>
    void QueueDepth(string queue, int depth);

    /// <summary>A key was asked for.</summary>
    void QueueAdded(string queue);

    /// <summary>A key goes into back-off.</summary>
    void QueueRetried(string queue);

    /// <summary>A worker took a key after this wait.</summary>
    void QueueWaited(string queue, TimeSpan waited);

    /// <summary>A worker gave a key back after this time.</summary>
    void QueueWorked(string queue, TimeSpan worked);

    /// <summary>A reconcile ended.</summary>
    void ReconcileFinished(string controller, ReconcileOutcome outcome, TimeSpan elapsed);

    /// <summary>Workers that are busy.</summary>
    void ActiveWorkers(string controller, int active);

    /// <summary>Leadership was gained or has ended.</summary>
    void Leading(string lease, bool leading);

    /// <summary>A Kubernetes Event was not written (<paramref name="reason"/>: a small closed set).</summary>
    void EventLost(string reason);
}

/// <summary>Nobody counts.</summary>
public sealed class NoMetrics : IRuntimeMetrics
{
    /// <summary>The one instance.</summary>
    public static readonly NoMetrics Instance = new();

    private NoMetrics()
    {
    }

    /// <inheritdoc/>
    public void RequestFinished(string method, int code, TimeSpan elapsed)
    {
    }

    /// <inheritdoc/>
    public void WatchRestarted(string resource, string reason)
    {
    }

    /// <inheritdoc/>
    public void ObjectUndecodable(string resource)
    {
    }

    /// <inheritdoc/>
    public void QueueDepth(string queue, int depth)
    {
    }

    /// <inheritdoc/>
    public void QueueAdded(string queue)
    {
    }

    /// <inheritdoc/>
    public void QueueRetried(string queue)
    {
    }

    /// <inheritdoc/>
    public void QueueWaited(string queue, TimeSpan waited)
    {
    }

    /// <inheritdoc/>
    public void QueueWorked(string queue, TimeSpan worked)
    {
    }

    /// <inheritdoc/>
    public void ReconcileFinished(string controller, ReconcileOutcome outcome, TimeSpan elapsed)
    {
    }

    /// <inheritdoc/>
    public void ActiveWorkers(string controller, int active)
    {
    }

    /// <inheritdoc/>
    public void Leading(string lease, bool leading)
    {
    }

    /// <inheritdoc/>
    public void EventLost(string reason)
    {
    }
}
