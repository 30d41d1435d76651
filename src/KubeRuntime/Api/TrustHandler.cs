using System.Net;
using System.Security.Authentication;

namespace GrpoOperator.KubeRuntime.Api;

/// <summary>Counts requests in a row that failed because one side didn't trust the other: TLS errors and 401s.</summary>
/// <remarks>The CA is read once, at the start. After its rotation every request fails until the process starts anew, which is what a liveness
/// probe is for.</remarks>
internal sealed class TrustHandler(TrustFailures failures) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            failures.Tell(response.StatusCode == HttpStatusCode.Unauthorized);
            return response;
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException)
        {
            failures.Tell(failed: true);
            throw;
        }
    }
}

/// <summary>Requests in a row that failed for want of trust.</summary>
public sealed class TrustFailures
{
    private int _inARow;

    /// <summary>How many, at this moment.</summary>
    public int InARow => Volatile.Read(ref _inARow);

    internal void Tell(bool failed)
    {
        if (failed)
            Interlocked.Increment(ref _inARow);
        else
            Volatile.Write(ref _inARow, 0);
    }
}
