using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>
/// The operator dies before and after every write of a life, once each; a fresh one takes over. The end is always the
/// same, the counts are the same, and no child was made twice.
/// </summary>
public abstract class KillPointTests
{
    /// <summary>Tells the story once undisturbed, and then with a death at every write.</summary>
    /// <returns>The writes of the undisturbed life.</returns>
    private protected static async Task<IReadOnlyList<string>> TellAsync(Story story)
    {
        var clean = await LifeAsync(story, int.MaxValue, Death.BeforeSending);
        var points = Enumerable.Range(1, clean.Count).SelectMany(at => new[] { (At: at, Death: Death.BeforeSending), (At: at, Death: Death.AfterTheAnswer) });
        await Lives.TellAllAsync(
            points, point => LifeAsync(story, point.At, point.Death), point => $"{story}: died at write {point.At} of {clean.Count} ({clean[point.At - 1].Split(' ')[1]}), {point.Death}");
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
