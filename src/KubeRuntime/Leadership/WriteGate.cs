using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.KubeRuntime.Leadership;

/// <summary>A write was held back because this process can't be sure to lead any more. Nothing was sent.</summary>
public sealed class WriteRefusedException() : Exception("Not the leader, or not sure to be: nothing was sent.");

/// <summary>Open while this process leads for sure: until the start of the last successful renewal plus the renew deadline, by the monotonic
/// clock. A leader that was paused past that finds it shut, though nobody told it that it was deposed.</summary>
public sealed class WriteGate(TimeProvider time, TimeSpan renewDeadline)
{
    private const long Shut = long.MinValue;
    private long _renewedAt = Shut;
    private volatile bool _held;

    /// <summary>Whether a write may be sent at this moment.</summary>
    public bool IsOpen
    {
        get
        {
            var renewedAt = Interlocked.Read(ref _renewedAt);
            return _held || (renewedAt != Shut && time.GetElapsedTime(renewedAt) < renewDeadline);
        }
    }

    /// <summary>A renewal that was started at this timestamp (of the time provider) has succeeded.</summary>
    public void Renewed(long startedAt) => Interlocked.Exchange(ref _renewedAt, startedAt);

    /// <summary>There is no election: this process is the only one.</summary>
    public void HoldOpen() => _held = true;

    /// <summary>Leadership has ended.</summary>
    public void Close() => Interlocked.Exchange(ref _renewedAt, Shut);

    /// <summary>Throws unless open.</summary>
    public void Pass()
    {
        if (!IsOpen)
            throw new WriteRefusedException();
    }
}

/// <summary>Sends writes on only while the gate is open, checked just before sending.</summary>
public sealed class GatedWriter(IKubeWriter inner, WriteGate gate) : IKubeWriter
{
    /// <inheritdoc/>
    public Task<ApiAnswer> CreateAsync(ApiResource resource, string? @namespace, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        gate.Pass();
        return inner.CreateAsync(resource, @namespace, body, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ApiAnswer> PatchAsync(
        ApiResource resource, NamespacedName name, PatchType type, ReadOnlyMemory<byte> body, string? subresource, CancellationToken cancellationToken)
    {
        gate.Pass();
        return inner.PatchAsync(resource, name, type, body, subresource, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ApiAnswer> DeleteAsync(ApiResource resource, NamespacedName name, DeleteOptions options, CancellationToken cancellationToken)
    {
        gate.Pass();
        return inner.DeleteAsync(resource, name, options, cancellationToken);
    }
}
