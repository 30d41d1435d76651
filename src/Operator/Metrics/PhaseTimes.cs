using System.Collections.Concurrent;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.Metrics;

/// <summary>Measures how long jobs stay in a phase, as far as this process saw them enter it.</summary>
internal sealed class PhaseTimes(OperatorMetrics metrics, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, long> entered = new(StringComparer.Ordinal);

    /// <summary>A job's new state is visible.</summary>
    public void Seen(ObservedTrainingJob? before, ObservedTrainingJob? now)
    {
        if (before?.Status.Phase == now?.Status.Phase) return;
        var uid = (now ?? before)!.Uid;
        if (before?.Status.Phase is { } phase && entered.TryRemove(uid, out var since)) metrics.PhaseLeft(phase.ToString(), time.GetElapsedTime(since));
        if (now?.Status.Phase is not null) entered[uid] = time.GetTimestamp();
    }
}
