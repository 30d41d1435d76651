using System.Collections.Concurrent;

namespace GrpoOperator.KubeRuntime.Tests;

/// <summary>Writes down what the runtime tells.</summary>
internal sealed class RecordedMetrics : IRuntimeMetrics
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public int Count(string line) => Lines.Count(one => one == line);

    public void RequestFinished(string method, int code, TimeSpan elapsed) => Lines.Enqueue($"request {method} {code}");

    public void WatchRestarted(string resource, string reason) => Lines.Enqueue($"restart {resource} {reason}");

    public void ObjectUndecodable(string resource) => Lines.Enqueue($"undecodable {resource}");

    public void QueueDepth(string queue, int depth)
    {
    }

    public void QueueAdded(string queue) => Lines.Enqueue($"added {queue}");

    public void QueueRetried(string queue) => Lines.Enqueue($"retried {queue}");

    public void QueueWaited(string queue, TimeSpan waited)
    {
    }

    public void QueueWorked(string queue, TimeSpan worked)
    {
    }

    public void ReconcileFinished(string controller, ReconcileOutcome outcome, TimeSpan elapsed) => Lines.Enqueue($"reconciled {outcome}");

    public void ActiveWorkers(string controller, int active)
    {
    }

    public void Leading(string lease, bool leading) => Lines.Enqueue($"leading {leading}");

    public void EventLost(string reason) => Lines.Enqueue($"event lost {reason}");
}
