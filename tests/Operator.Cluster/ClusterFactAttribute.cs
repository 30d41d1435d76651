using System.Runtime.CompilerServices;

namespace GrpoOperator.Operator.Cluster;

/// <summary>A test that needs a cluster; without one it is a skip with its reason, never a pass.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        Skip = TestCluster.Missing;
        SkipType = typeof(TestCluster);
        SkipUnless = nameof(TestCluster.IsGiven);
        Timeout = (int)TimeSpan.FromMinutes(8).TotalMilliseconds;
    }
}
