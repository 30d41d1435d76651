using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>The operator dies around every write of a restart.</summary>
public sealed class RestartKillPointTests : KillPointTests
{
    [ClusterFact]
    public Task Whenever_the_operator_dies_a_restart_is_counted_once() => TellAsync(Story.Restart);
}
