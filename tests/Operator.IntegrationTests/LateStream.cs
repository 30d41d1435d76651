using System.Threading.Channels;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>Passes on what is written to it, in order, each piece a while after it came.</summary>
internal sealed class LateStream : Stream
{
    private readonly Channel<(long Due, byte[] Bytes)> pieces = Channel.CreateUnbounded<(long, byte[])>();
    private readonly SemaphoreSlim turn = new(1);
    private readonly Stream inner;
    private readonly TimeSpan delay;
    private readonly Task passing;

    public LateStream(Stream inner, TimeSpan delay, CancellationToken cancellationToken)
    {
        this.inner = inner;
        this.delay = delay;
        passing = PassAsync(cancellationToken);
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        pieces.Writer.TryWrite((Environment.TickCount64 + (long)delay.TotalMilliseconds, buffer.ToArray()));
        return ValueTask.CompletedTask;
    }

    /// <summary>The answer's head goes at once, and the rest when its time has come.</summary>
    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            await inner.FlushAsync(cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        pieces.Writer.TryComplete();
        await passing;
        turn.Dispose();
        await base.DisposeAsync();
    }

    private async Task PassAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var (due, bytes) in pieces.Reader.ReadAllAsync(cancellationToken))
            {
                if (due - Environment.TickCount64 is > 0 and var left) await Task.Delay(TimeSpan.FromMilliseconds(left), cancellationToken);
                await turn.WaitAsync(cancellationToken);
                try
                {
                    await inner.WriteAsync(bytes, cancellationToken);
                    await inner.FlushAsync(cancellationToken);
                }
                finally
                {
                    turn.Release();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The reader is gone.
        }
    }
}
