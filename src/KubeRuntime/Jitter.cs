namespace GrpoOperator.KubeRuntime;

/// <summary>Randomness in waiting times, so that many who wait for the same thing don't come back at the same moment.</summary>
/// <remarks>Safe to share between threads, which <see cref="Random"/> by itself is not.</remarks>
public sealed class Jitter(Random random)
{
    /// <summary>Anything up to the whole window ("full jitter"): for herds of clients at one server.</summary>
    public TimeSpan Full(TimeSpan window) => window * Next();

    /// <summary>Between half and the whole window: where the wait is also a promise to leave something alone for a while.</summary>
    public TimeSpan Half(TimeSpan window) => window * (0.5 + (Next() / 2));

    /// <summary>A whole number of seconds, both ends included.</summary>
    public TimeSpan Seconds(int from, int to)
    {
        lock (random)
            return TimeSpan.FromSeconds(random.Next(from, to + 1));
    }

    /// <summary>The n-th step (n ≥ 1) of an exponential back-off without its jitter: <c>first × 2ⁿ⁻¹</c>, capped.</summary>
    public static TimeSpan Exponential(TimeSpan first, TimeSpan cap, int step)
    {
        var factor = Math.Pow(2, Math.Clamp(step - 1, 0, 40));
        return first.Ticks * factor >= cap.Ticks ? cap : first * factor;
    }

    private double Next()
    {
        lock (random)
            return random.NextDouble();
    }
}
