using System.Collections.Concurrent;

namespace GrpoOperator.KubeRuntime.Tests;

/// <summary>Runs everything that is awaited on the test's own thread, when the test says so: with a fake clock, time then decides everything,
/// and a busy machine nothing.</summary>
internal sealed class Pump : SynchronizationContext, IDisposable
{
    private readonly ConcurrentQueue<(SendOrPostCallback Run, object? State)> _posted = new();
    private readonly SynchronizationContext? _before = Current;

    public Pump() => SetSynchronizationContext(this);

    public override void Post(SendOrPostCallback d, object? state) => _posted.Enqueue((d, state));

    public override SynchronizationContext CreateCopy() => this;

    public void Drain()
    {
        while (_posted.TryDequeue(out var posted))
            posted.Run(posted.State);
    }

    public void Dispose() => SetSynchronizationContext(_before);
}
