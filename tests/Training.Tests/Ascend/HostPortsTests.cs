using CsCheck;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training.Tests.Ascend;

public sealed class HostPortsTests
{
    private static readonly Gen<string> Uid = Gen.Guid.Select(uid => uid.ToString());

    [Fact]
    public void A_jobs_ports_are_distinct_and_within_its_block() => Uid.Sample(uid =>
    {
        var ports = HostPorts.Of(uid);
        int[] single =
        [
            ports.Ray, ports.Ray + 1, ports.Dashboard, ports.NodeManager, ports.ObjectManager, ports.RuntimeEnvAgent, ports.DashboardAgentGrpc,
            ports.DashboardAgentHttp, ports.MetricsExport, ports.RayClient,
        ];
        var all = single
            .Concat(Enumerable.Range(ports.HcclBase, 32))
            .Concat(Range(ports.HcclHostSockets))
            .Concat(Range(ports.HcclNpuSockets))
            .Concat(Enumerable.Range(ports.FirstWorker, ports.LastWorker - ports.FirstWorker + 1))
            .ToList();
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.All(all, port => Assert.InRange(port, ports.First, ports.First + 511));
        Assert.True(Range(ports.HcclHostSockets).Count() >= 50 && ports.LastWorker - ports.FirstWorker > 300);
    });

    [Fact]
    public void Blocks_lie_between_Rays_default_workers_and_node_ports() => Uid.Sample(uid =>
    {
        var ports = HostPorts.Of(uid);
        Assert.InRange(ports.First, 20_000, 30_000 - 512);
    });

    [Fact]
    public void The_same_job_always_gets_the_same_ports_and_others_mostly_not()
    {
        Assert.Equal(HostPorts.Of("6f1f2a3c-0d4e-4b5a-9c7d-112233445566"), HostPorts.Of("6f1f2a3c-0d4e-4b5a-9c7d-112233445566"));
        var blocks = Enumerable.Range(0, 1000).Select(number => HostPorts.Of($"00000000-0000-4000-8000-{number:d12}").First).GroupBy(first => first).ToList();
        Assert.Equal(19, blocks.Count);
        Assert.All(blocks, block => Assert.InRange(block.Count(), 20, 120));
    }

    private static IEnumerable<int> Range(string range)
    {
        var ends = range.Split('-').Select(int.Parse).ToArray();
        return Enumerable.Range(ends[0], ends[1] - ends[0] + 1);
    }
}
