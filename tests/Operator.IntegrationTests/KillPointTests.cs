using System.Collections.Concurrent;
using GrpoOperator.Crds;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>
/// The operator dies before and after every write of a clean life, once each; a fresh one takes over. The end is always
/// the same, and no child was made twice.
/// </summary>
public sealed class KillPointTests
{
    private const int AtOnce = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [ClusterFact]
    public async Task Whenever_the_operator_dies_another_brings_the_job_to_the_same_end()
    {
        var clean = await LifeAsync(int.MaxValue, Death.BeforeSending);
        Assert.InRange(clean.Count, 8, 14);
        Assert.Equal(5, clean.Count(write => write.StartsWith("create ", StringComparison.Ordinal)));

        var failures = new ConcurrentQueue<string>();
        var points = Enumerable.Range(1, clean.Count).SelectMany(at => new[] { (at, Death.BeforeSending), (at, Death.AfterTheAnswer) });
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(points, options, async (point, _) =>
        {
            try
            {
                await LifeAsync(point.at, point.Item2);
            }
            catch (Exception exception)
            {
                failures.Enqueue($"died at write {point.at} of {clean.Count} ({clean[point.at - 1].Split(' ')[..2][1]}), {point.Item2}: {exception.Message}");
            }
        });
        Assert.True(failures.IsEmpty, string.Join("\n\n", failures));
    }

    /// <summary>One life, in which the first operator dies at a write.</summary>
    /// <returns>What the operators sent.</returns>
    private static async Task<IReadOnlyList<string>> LifeAsync(int at, Death death)
    {
        await using var @namespace = await TestNamespace.CreateAsync("kill", volumes: false);
        await using var hand = await Hand.StartAsync(@namespace);
        var audit = new AuditLog();
        DyingWriter? first = null;
        DyingWriter? second = null;
        await using var mortal = await InProcessOperator.StartAsync(@namespace, inner => first = new DyingWriter(inner, at, death));
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Small("mortal", 3, Hand.Job));
        hand.Launches = hand.Finishes = false;
        if (at < int.MaxValue)
        {
            // Two writes may fall into one when the world is quick: then the last point is never reached.
            await Eventually.BeTrueAsync(async () => first!.Dead.IsCompleted || await GoesOnAsync(job, hand), Patience, "the operator is dead", job.DescribeAsync);
            await mortal.DisposeAsync();
            await using var heir = await InProcessOperator.StartAsync(@namespace, inner => second = new DyingWriter(inner));
            await ExpectEndAsync(job, hand, audit);
        }
        else
        {
            await ExpectEndAsync(job, hand, audit);
        }

        string[] sent = [.. first!.Sent, .. second?.Sent ?? []];
        return sent;
    }

    /// <summary>Lets the world go on only when status has said what it saw, so that every life has the same writes.</summary>
    /// <returns>Whether the job has ended.</returns>
    private static async Task<bool> GoesOnAsync(TrainingJob job, Hand hand)
    {
        var phase = (await job.StatusAsync()).Phase;
        hand.Launches |= phase == JobPhase.Starting;
        hand.Finishes |= phase == JobPhase.Running;
        return Decide.IsFinal(phase);
    }

    private static async Task ExpectEndAsync(TrainingJob job, Hand hand, AuditLog audit)
    {
        await Eventually.BeTrueAsync(() => GoesOnAsync(job, hand), Patience, "the job ends", job.DescribeAsync);
        var status = await job.ReachesAsync(JobPhase.Succeeded);
        await job.LosesItsTrainersAsync();
        Assert.Equal((1, 1, 0, 3), (status.Incarnation, status.AttemptsUsed, status.Restarts, status.Progress!.Step!.Value));
        Assert.Equal([1], status.Attempts!.Select(attempt => attempt.Number));
        await Eventually.BeTrueAsync(
            async () => (await Kube.ListAsync(ApiResources.StatefulSets, job.Namespace)).Count == 0, TimeSpan.FromSeconds(20), "the StatefulSet is gone", job.DescribeAsync);
        // As the API server accepted them: a create that it refused did no harm.
        Assert.Equal(
            ["configmaps/mortal-launch", "jobs/mortal-inspect", "networkpolicies/mortal", "services/mortal", "statefulsets/mortal"],
            audit.MadeIn(job.Namespace, "mortal"));
    }
}
