using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>The operator dies around every write of a suspension.</summary>
// In the full tier: the API server needs a minute for it, and the first has the two stories that every job may have.
[Trait("tier", "full")]
public sealed class SuspensionKillPointTests : KillPointTests
{
    [ClusterFact]
    public Task Whenever_the_operator_dies_a_suspension_is_carried_out_and_counts_for_nothing() => TellAsync(Story.Suspension);
}
