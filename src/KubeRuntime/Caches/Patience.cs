namespace GrpoOperator.KubeRuntime.Caches;

/// <summary>How long to wait after the next error in a row: a window that doubles, with jitter; two minutes without one start it anew.</summary>
internal sealed class Patience(TimeSpan first, TimeSpan cap, TimeProvider time, Func<TimeSpan, TimeSpan> jitter)
{
    private static readonly TimeSpan Health = TimeSpan.FromMinutes(2);
    private long _healthyAt;
    private int _step;

    public TimeSpan Next()
    {
        _step = time.GetTimestamp() > _healthyAt ? 1 : _step + 1;
        var window = Jitter.Exponential(first, cap, _step);
        _healthyAt = time.GetTimestamp() + (long)((window + Health).TotalSeconds * time.TimestampFrequency);
        return jitter(window);
    }
}
