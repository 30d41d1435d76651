using System.Buffers;
using System.IO.Pipelines;

namespace GrpoOperator.KubeRuntime.Api;

/// <summary>Reads a watch stream line by line, without a document or a string in between.</summary>
/// <remarks>Three things may end it: the server (after the lifetime it was asked for), an error, or this side, when a while after that lifetime
/// the server still hasn't. The last is what happens when the other end died without a word, behind a proxy that keeps the connection.</remarks>
internal sealed class WatchStream : IWatchStream
{
    /// <summary>How long after the lifetime asked for a stream is given up.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>Longer lines are no Kubernetes object: etcd stores at most some 1.5 MiB.</summary>
    private const int LongestLine = 16 << 20;

    private readonly HttpResponseMessage _response;
    private readonly PipeReader _reader;
    private readonly CancellationTokenSource _deadline;
    private byte[] _copy = [];
    private SequencePosition? _consumed;

    public WatchStream(HttpResponseMessage response, Stream body, TimeSpan lifetime, TimeProvider time)
    {
        _response = response;
        _reader = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: 16 << 10));
        _deadline = new CancellationTokenSource(lifetime + Grace, time);
    }

    public async ValueTask<WatchFrame?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_consumed is { } consumed)
            _reader.AdvanceTo(consumed);
        _consumed = null;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token, cancellationToken);
        try
        {
            while (true)
            {
                var read = await _reader.ReadAsync(either.Token);
                if (TryCut(read.Buffer, out var frame))
                    return frame;
                if (read.IsCompleted)
                    return null;
                if (read.Buffer.Length > LongestLine)
                    throw new KubeApiException(0, KubeApiException.Unreachable, "A line of the watch stream never ended.");
                _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new KubeApiException(0, KubeApiException.TimedOut, "The watch stream outlived its time without an end: the server is gone.");
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new KubeApiException(0, KubeApiException.Unreachable, e.Message, inner: e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _reader.CompleteAsync();
        _response.Dispose();
        _deadline.Dispose();
    }

    /// <summary>Cuts the next line off the buffer, which stays untouched until the next read.</summary>
    private bool TryCut(ReadOnlySequence<byte> buffer, out WatchFrame frame)
    {
        frame = default;
        if (buffer.PositionOf((byte)'\n') is not { } end)
            return false;
        var line = buffer.Slice(0, end);
        _consumed = buffer.GetPosition(1, end);
        frame = WatchFrameReading.Read(Contiguous(line));
        return true;
    }

    private ReadOnlyMemory<byte> Contiguous(ReadOnlySequence<byte> line)
    {
        if (line.IsSingleSegment)
            return line.First;
        var length = (int)line.Length;
        if (_copy.Length < length)
            _copy = new byte[Math.Max(length, 16 << 10)];
        line.CopyTo(_copy);
        return _copy.AsMemory(0, length);
    }
}
