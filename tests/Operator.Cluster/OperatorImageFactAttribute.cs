using System.Runtime.CompilerServices;

namespace GrpoOperator.Operator.Cluster;

/// <summary>A test that installs the operator from its image; without image or cluster it is a skip with its reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OperatorImageFactAttribute : FactAttribute
{
    public OperatorImageFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        Skip = "no operator image: GRPO_TEST_OPERATOR_IMAGE (an image of hack/image/operator that hack/cluster has loaded) is not set, or there is no cluster";
        SkipType = typeof(TestCluster);
        SkipUnless = nameof(TestCluster.HasOperatorImage);
    }
}
