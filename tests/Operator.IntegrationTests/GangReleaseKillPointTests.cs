using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>The operator dies around every write of a gang release.</summary>
// In the full tier: the API server needs a minute for it, and the first has the two stories that every job may have.
[Trait("tier", "full")]
public sealed class GangReleaseKillPointTests : KillPointTests
{
    [ClusterFact]
    public Task Whenever_the_operator_dies_a_gang_release_uses_no_attempt() => TellAsync(Story.GangRelease);
}
