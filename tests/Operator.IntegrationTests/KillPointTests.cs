using System.Collections.Concurrent;
using GrpoOperator.Crds;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>
/// The operator dies before and after every write of a life, once each; a fresh one takes over. The end is always the
/// same, the counts are the same, and no child was made twice.
/// </summary>
public abstract class KillPointTests
{
    private const int AtOnce = 6;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

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
        await using var @namespace = await TestNamespace.CreateAsync("kill", volumes: false);
        await using var hand = await Hand.StartAsync(@namespace);
        var audit = new AuditLog();
        DyingWriter? first = null;
        DyingWriter? second = null;
        hand.Launches = hand.Finishes = false;
        hand.BindsRank = _ => false;
        await using var mortal = await InProcessOperator.StartAsync(@namespace, inner => first = new DyingWriter(inner, at, death));
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Merge(Samples.Small("mortal", 3, Hand.Job), Samples.Yaml(story.Job))!.AsObject());
        if (at < int.MaxValue)
        {
            // Two writes may fall into one when the world is quick: then the last point is never reached.
            await Eventually.BeTrueAsync(async () => first!.Dead.IsCompleted || await GoesOnAsync(story, job, hand), Patience, "the operator is dead", job.DescribeAsync);
            await mortal.DisposeAsync();
            await using var heir = await InProcessOperator.StartAsync(@namespace, inner => second = new DyingWriter(inner));
            await ExpectEndAsync(story, job, hand, audit);
        }
        else
        {
            await ExpectEndAsync(story, job, hand, audit);
        }

        string[] sent = [.. first!.Sent, .. second?.Sent ?? []];
        return sent;
    }

    /// <summary>Lets the world go on only when status has said what it saw, so that every life has the same writes.</summary>
    /// <returns>Whether the job has ended.</returns>
    private static async Task<bool> GoesOnAsync(Story story, TrainingJob job, Hand hand)
    {
        var status = await job.StatusAsync();
        hand.BindsRank = _ => true;
        await story.GoOn(job, hand, status);
        return Decide.IsFinal(status.Phase);
    }

    private static async Task ExpectEndAsync(Story story, TrainingJob job, Hand hand, AuditLog audit)
    {
        await Eventually.BeTrueAsync(() => GoesOnAsync(story, job, hand), Patience, "the job ends", job.DescribeAsync);
        var status = await job.ReachesAsync(JobPhase.Succeeded);
        await job.LosesItsTrainersAsync();
        story.Expect(status);
        await Eventually.BeTrueAsync(
            async () => (await Kube.ListAsync(ApiResources.StatefulSets, job.Namespace)).Count == 0, TimeSpan.FromSeconds(20), "the StatefulSet is gone", job.DescribeAsync);
        // As the API server accepted them: a create that it refused did no harm.
        Assert.Equal(story.Made, audit.MadeIn(job.Namespace, "mortal"));
    }
}

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

public sealed class RestartKillPointTests : KillPointTests
{
    [ClusterFact]
    public Task Whenever_the_operator_dies_a_restart_is_counted_once() => TellAsync(Story.Restart);
}

public sealed class SuspensionKillPointTests : KillPointTests
{
    [ClusterFact]
    public Task Whenever_the_operator_dies_a_suspension_is_carried_out_and_counts_for_nothing() => TellAsync(Story.Suspension);
}

public sealed class GangReleaseKillPointTests : KillPointTests
{
    [ClusterFact]
    public Task Whenever_the_operator_dies_a_gang_release_uses_no_attempt() => TellAsync(Story.GangRelease);
}
