using GrpoOperator.KubeRuntime;
using Prometheus;

namespace GrpoOperator.Operator.Metrics;

/// <summary>
/// The controller layer's metrics, under the names that dashboards of existing operators know. Label values come from
/// small closed sets only.
/// </summary>
internal sealed class OperatorMetrics : IRuntimeMetrics
{
    private static readonly double[] Seconds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60];
    private static readonly double[] PhaseSeconds = [1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 24 * 3600, 7 * 24 * 3600];

    private readonly Counter reconciles;
    private readonly Counter reconcileErrors;
    private readonly Histogram reconcileSeconds;
    private readonly Gauge activeWorkers;
    private readonly Gauge depth;
    private readonly Counter adds;
    private readonly Counter retries;
    private readonly Histogram queued;
    private readonly Histogram worked;
    private readonly Counter requests;
    private readonly Histogram requestSeconds;
    private readonly Gauge leading;
    private readonly Counter watchRestarts;
    private readonly Counter undecodable;
    private readonly Counter eventsLost;
    private readonly Histogram phaseSeconds;

    public OperatorMetrics(CollectorRegistry registry)
    {
        var metrics = Prometheus.Metrics.WithCustomRegistry(registry);
        reconciles = metrics.CreateCounter("controller_runtime_reconcile_total", "Reconciles by result.", "controller", "result");
        reconcileErrors = metrics.CreateCounter("controller_runtime_reconcile_errors_total", "Reconciles that failed.", "controller");
        reconcileSeconds = Durations(metrics, "controller_runtime_reconcile_time_seconds", "Duration of a reconcile.", Seconds, "controller");
        activeWorkers = metrics.CreateGauge("controller_runtime_active_workers", "Workers that are busy.", "controller");
        depth = metrics.CreateGauge("workqueue_depth", "Keys that wait for a worker.", "name");
        adds = metrics.CreateCounter("workqueue_adds_total", "Keys that were asked for.", "name");
        retries = metrics.CreateCounter("workqueue_retries_total", "Keys that went into back-off.", "name");
        queued = Durations(metrics, "workqueue_queue_duration_seconds", "How long a key waited for a worker.", Seconds, "name");
        worked = Durations(metrics, "workqueue_work_duration_seconds", "How long a worker kept a key.", Seconds, "name");
        requests = metrics.CreateCounter("rest_client_requests_total", "Requests to the API server; code 0 when no answer came.", "code", "method");
        requestSeconds = Durations(metrics, "rest_client_request_duration_seconds", "Duration of a request to the API server.", Seconds, "method");
        leading = metrics.CreateGauge("leader_election_master_status", "1 while this process leads.", "name");
        watchRestarts = metrics.CreateCounter("grpo_operator_watch_restarts_total", "Watches opened again, by reason.", "resource", "reason");
        undecodable = metrics.CreateCounter("grpo_operator_undecodable_objects_total", "Objects that could not be decoded.", "resource");
        eventsLost = metrics.CreateCounter("grpo_operator_events_lost_total", "Kubernetes Events that were not written, by reason.", "reason");
        phaseSeconds = Durations(metrics, "grpo_operator_job_phase_seconds", "How long jobs stayed in a phase.", PhaseSeconds, "phase");
    }

    /// <summary>Whether this process leads; per-job series are written by the leader only.</summary>
    public bool IsLeading { get; private set; }

    /// <summary>A job left a phase after this time.</summary>
    public void PhaseLeft(string phase, TimeSpan stayed) => phaseSeconds.WithLabels(phase).Observe(stayed.TotalSeconds);

    /// <inheritdoc/>
    public void RequestFinished(string method, int code, TimeSpan elapsed)
    {
        requests.WithLabels(code.ToString(), method).Inc();
        requestSeconds.WithLabels(method).Observe(elapsed.TotalSeconds);
    }

    /// <inheritdoc/>
    public void WatchRestarted(string resource, string reason) => watchRestarts.WithLabels(resource, reason).Inc();

    /// <inheritdoc/>
    public void ObjectUndecodable(string resource) => undecodable.WithLabels(resource).Inc();

    /// <inheritdoc/>
    public void QueueDepth(string queue, int depth) => this.depth.WithLabels(queue).Set(depth);

    /// <inheritdoc/>
    public void QueueAdded(string queue) => adds.WithLabels(queue).Inc();

    /// <inheritdoc/>
    public void QueueRetried(string queue) => retries.WithLabels(queue).Inc();

    /// <inheritdoc/>
    public void QueueWaited(string queue, TimeSpan waited) => queued.WithLabels(queue).Observe(waited.TotalSeconds);

    /// <inheritdoc/>
    public void QueueWorked(string queue, TimeSpan worked) => this.worked.WithLabels(queue).Observe(worked.TotalSeconds);

    /// <inheritdoc/>
    public void ReconcileFinished(string controller, ReconcileOutcome outcome, TimeSpan elapsed)
    {
        reconciles.WithLabels(controller, outcome switch
        {
            ReconcileOutcome.Success => "success",
            ReconcileOutcome.Error => "error",
            ReconcileOutcome.Requeue => "requeue",
            _ => "requeue_after",
        }).Inc();
        reconcileSeconds.WithLabels(controller).Observe(elapsed.TotalSeconds);
        if (outcome == ReconcileOutcome.Error) reconcileErrors.WithLabels(controller).Inc();
    }

    /// <inheritdoc/>
    public void ActiveWorkers(string controller, int active) => activeWorkers.WithLabels(controller).Set(active);

    /// <inheritdoc/>
    public void Leading(string lease, bool leading)
    {
        IsLeading = leading;
        this.leading.WithLabels(lease).Set(leading ? 1 : 0);
    }

    /// <inheritdoc/>
    public void EventLost(string reason) => eventsLost.WithLabels(reason).Inc();

    private static Histogram Durations(MetricFactory metrics, string name, string help, double[] buckets, params string[] labels) =>
        metrics.CreateHistogram(name, help, labels, new HistogramConfiguration { Buckets = buckets });
}
