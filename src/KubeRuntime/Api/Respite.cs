namespace GrpoOperator.KubeRuntime.Api;

/// <summary>The time that an overloaded server asked to be left alone (429 or 503 with <c>Retry-After</c>).</summary>
/// <remarks>Until it is over, requests fail here with the same answer and the rest of the time, and none is sent: the caller's worker is free for
/// something else instead of sleeping, and a thousand callers don't each have to be told.</remarks>
public sealed class Respite(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private readonly Lock _lock = new();
    private long _since;
    private TimeSpan _length;

    /// <summary>The server asked for it.</summary>
    public void Asked(TimeSpan length)
    {
        lock (_lock)
        {
            if (length <= Rest)
                return;
            _since = time.GetTimestamp();
            _length = length < Longest ? length : Longest;
        }
    }

    internal void ThrowIfAsked()
    {
        lock (_lock)
        {
            if (Rest > TimeSpan.Zero)
                throw new KubeApiException(429, "TooManyRequests", "The server asked to be left alone; nothing was sent.", Rest);
        }
    }

    private TimeSpan Rest => _length == TimeSpan.Zero ? TimeSpan.Zero : _length - time.GetElapsedTime(_since);
}
