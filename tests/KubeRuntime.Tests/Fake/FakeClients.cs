using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.KubeRuntime.Tests.Fake;

internal static class FakeClients
{
    /// <summary>A client of the fake. Its timeouts run in real time unless another clock is given.</summary>
    public static KubeApi Client(this FakeKube fake, TimeProvider? time = null, IRuntimeMetrics? metrics = null) => new(
        new HttpClient { Timeout = Timeout.InfiniteTimeSpan }, fake.Address, credentials: null, new Respite(time ?? TimeProvider.System),
        time ?? TimeProvider.System, metrics ?? NoMetrics.Instance);
}
