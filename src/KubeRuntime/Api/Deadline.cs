namespace GrpoOperator.KubeRuntime.Api;

/// <summary>The time allowed for one call, and the one place where what can break a call becomes a <see cref="KubeApiException"/>.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _timeout;
    private readonly CancellationTokenSource _either;

    public Deadline(TimeSpan timeout, TimeProvider time, CancellationToken caller)
    {
        _caller = caller;
        _timeout = new CancellationTokenSource(timeout, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timeout.Token, caller);
    }

    public async Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> part)
    {
        try
        {
            return await part(_either.Token);
        }
        catch (OperationCanceledException e) when (!_caller.IsCancellationRequested)
        {
            throw new KubeApiException(0, KubeApiException.TimedOut, "No answer in time.", inner: e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new KubeApiException(0, KubeApiException.Unreachable, e.InnerException?.Message ?? e.Message, inner: e);
        }
    }

    public void Dispose()
    {
        _either.Dispose();
        _timeout.Dispose();
    }
}
