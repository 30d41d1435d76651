using System.Collections.Concurrent;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>
/// The operator dies before and after every write of a life, once each; a fresh one takes over. The end is always the
/// same, the counts are the same, and no child was made twice.
/// </summary>
public abstract class KillPointTests
{
    private const int AtOnce = 6;

    /// <summary>Tells the story once undisturbed, and then with a death at every write.</summary>
    /// <returns>The writes of the undisturbed life.</returns>
    private protected static async Task<IReadOnlyList<string>> TellAsync(Story story)
    {
        var clean = await LifeAsync(story, int.MaxValue, Death.BeforeSending);
        var failures = new ConcurrentQueue<string>();
        var points = Enumerable.Range(1, clean.Count).SelectMany(at => new[] { (at, Death.BeforeSending), (at, Death.AfterTheAnswer) });
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(points, options, async (point, _) =>
        {
            try
            {
                await LifeAsync(story, point.at, point.Item2);
            }
            catch (Exception exception)
            {
                failures.Enqueue($"{story}: died at write {point.at} of {clean.Count} ({clean[point.at - 1].Split(' ')[..2][1]}), {point.Item2}: {exception.Message}");
            }
        });
        Assert.True(failures.IsEmpty, string.Join("\n\n", failures));
        return clean;
    }

    /// <summary>One life, in which the first operator dies at a write.</summary>
    /// <returns>What the operators sent.</returns>
    private static async Task<IReadOnlyList<string>> LifeAsync(Story story, int at, Death death)
    {
        await using var @namespace = await TestNamespace.CreateAsync("kill", volumes: false, granted: false);
        await using var hand = await Hand.StartAsync(@namespace);
        var audit = new AuditLog();
        DyingWriter? first = null;
        DyingWriter? second = null;
        await using var mortal = await InProcessOperator.StartAsync(@namespace, inner => first = new DyingWriter(inner, at, death));
        var job = await story.BeginAsync(@namespace, hand);
        if (at < int.MaxValue)
        {
            // Two writes may fall into one when the world is quick: then the last point is never reached.
            await Eventually.BeTrueAsync(async () => first!.Dead.IsCompleted || await story.GoesOnAsync(job, hand), Story.Patience, "the operator is dead", job.DescribeAsync);
            await mortal.DisposeAsync();
            await using var heir = await InProcessOperator.StartAsync(@namespace, inner => second = new DyingWriter(inner));
            await story.EndsAsync(job, hand, audit);
        }
        else
        {
            await story.EndsAsync(job, hand, audit);
        }

        string[] sent = [.. first!.Sent, .. second?.Sent ?? []];
        return sent;
    }
}
