using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>The operator dies around every write of a clean life.</summary>
public sealed class SuccessKillPointTests : KillPointTests
{
    [ClusterFact]
    public async Task Whenever_the_operator_dies_another_brings_a_clean_life_to_the_same_end()
    {
        var clean = await TellAsync(Story.Success);
        Assert.InRange(clean.Count, 8, 14);
        Assert.Equal(5, clean.Count(write => write.StartsWith("create ", StringComparison.Ordinal)));
    }
}
