using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.Reconcile;

/// <summary>Finds out what the cluster has: asked at first need, and again now and then, since things get installed.</summary>
internal sealed class ClusterProbe(IKubeReader reader, ClusterFacts configured, TimeProvider time)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(10);

    private ClusterFacts? facts;
    private DateTimeOffset asked;

    /// <summary>What is known; a question that can't be answered leaves the feature off.</summary>
    public async ValueTask<ClusterFacts> FactsAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (facts is { } known && now - asked < AskAgain) return known;
        facts = configured with { Volcano = await IsServedAsync("apis/scheduling.volcano.sh/v1beta1", cancellationToken) };
        asked = now;
        return facts;
    }

    private async Task<bool> IsServedAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await reader.GetPathAsync(path, cancellationToken);
            return true;
        }
        catch (KubeApiException exception) when (exception.IsNotFound || exception.IsForbidden)
        {
            return false;
        }
    }
}
