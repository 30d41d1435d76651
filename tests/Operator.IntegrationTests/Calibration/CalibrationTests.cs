using System.Collections.Concurrent;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.IntegrationTests.Calibration;

/// <summary>
/// The simulation proves as much as its API server and controllers are like the real ones: fifty histories of everything that
/// an operator, its users and kubelets send happen on both. Each request has the same answer, and leaves the same objects.
/// </summary>
/// <remarks>GRPO_CALIBRATION_SEED tells one of them.</remarks>
public sealed class CalibrationTests
{
    /// <summary>For controllers of a busy machine to do what they do.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [ClusterFact]
    public Task The_simulated_server_answers_and_does_what_the_real_one_does() =>
        TellAsync(Environment.GetEnvironmentVariable("GRPO_CALIBRATION_SEED") is { Length: > 0 } seed ? [int.Parse(seed, System.Globalization.CultureInfo.InvariantCulture)] : Enumerable.Range(1, 10));

    // In the full tier: the first ten are told in the first, these take a minute more.
    [ClusterFact]
    [Trait("tier", "full")]
    public Task It_does_so_in_forty_more_histories() => TellAsync(Enumerable.Range(11, 40));

    private static async Task TellAsync(IEnumerable<int> seeds)
    {
        var effects = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var replaces = await ReplacesBatchPodsAsync();
        await Lives.TellAllAsync(seeds, seed => TellAsync(seed, replaces, effects), seed => $"history {seed}");
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join('\n', effects.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}")));
    }

    /// <summary>Whether this server's Job controller makes another pod in place of a deleted one, as it did before 1.26.</summary>
    private static async Task<bool> ReplacesBatchPodsAsync()
    {
        var version = Kube.Parse((await TestCluster.Api.GetPathAsync("version", TestContext.Current.CancellationToken)).Body);
        return int.Parse(Kube.Text(version, "minor")!.TrimEnd('+'), System.Globalization.CultureInfo.InvariantCulture) < 26;
    }

    private static async Task TellAsync(int seed, bool replacesBatchPods, ConcurrentDictionary<string, int> effects)
    {
        await using var @namespace = await TestNamespace.CreateAsync("calibration", volumes: false, granted: false);
        await Eventually.SeeAsync(
            () => Kube.GetAsync(new ApiResource("", "v1", "serviceaccounts", "ServiceAccount"), @namespace.Name, "default"), TimeSpan.FromSeconds(30), "pods may be made");
        await using var real = new RealSide(@namespace);
        var simulated = SimulatedSide.Of(seed, replacesBatchPods);
        var told = new List<string>();
        var before = string.Empty;
        foreach (var step in Script.Of(seed))
        {
            var expected = await simulated.DoAsync(step);
            var answer = await real.DoAsync(step);
            told.Add($"{step}: {answer}");
            Assert.True(answer == expected, $"{string.Join('\n', told)}\nthe simulation answers {expected}");
            await simulated.SettleAsync();
            var wanted = string.Join('\n', await simulated.LookAsync());
            effects.AddOrUpdate($"{step.GetType().Name}: {answer}{(wanted == before ? ", nothing changed" : string.Empty)}", 1, (_, times) => times + 1);
            before = wanted;
            await Eventually.BeTrueAsync(
                async () => string.Join('\n', await real.LookAsync()) == wanted,
                Patience,
                "both are the same",
                async () => $"{string.Join('\n', told)}\nthe simulation has\n{wanted}\nthe real server\n{string.Join('\n', await real.LookAsync())}");
        }
    }
}
