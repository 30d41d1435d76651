using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>
/// A leader's write hangs in the network while another takes over, and arrives after the other's first write, or when all is
/// over: it changes nothing, or what it made is removed.
/// </summary>
// In the full tier: it tells each story twice for every write.
[Trait("tier", "full")]
public sealed class LateWriteTests
{
    [ClusterFact]
    public Task A_write_that_arrives_after_the_next_leader_s_first_changes_nothing() => TellAllAsync(atTheEnd: false);

    [ClusterFact]
    public Task A_write_that_arrives_when_all_is_over_changes_nothing() => TellAllAsync(atTheEnd: true);

    private static async Task TellAllAsync(bool atTheEnd)
    {
        var writes = new Dictionary<Story, IReadOnlyList<string>>();
        foreach (var story in Story.All) writes[story] = await LifeAsync(story, int.MaxValue, atTheEnd);
        var points = writes.SelectMany(pair => Enumerable.Range(1, pair.Value.Count).Select(at => (Story: pair.Key, At: at)));
        await Lives.TellAllAsync(
            points, point => LifeAsync(point.Story, point.At, atTheEnd), point => $"{point.Story}: write {point.At} ({writes[point.Story][point.At - 1].Split(' ')[1]}) was late");
    }

    /// <summary>One life, in which a write of the first operator is late.</summary>
    /// <returns>What the first operator sent.</returns>
    private static async Task<IReadOnlyList<string>> LifeAsync(Story story, int at, bool atTheEnd)
    {
        await using var @namespace = await TestNamespace.CreateAsync("late", volumes: false, granted: false);
        await using var hand = await Hand.StartAsync(@namespace);
        var audit = new AuditLog();
        DyingWriter? first = null;
        await using var mortal = await InProcessOperator.StartAsync(@namespace, inner => first = new DyingWriter(inner, at, Death.BeforeSending));
        var job = await story.BeginAsync(@namespace, hand);
        if (at == int.MaxValue)
        {
            await story.EndsAsync(job, hand, audit);
            return first!.Sent;
        }

        await Eventually.BeTrueAsync(async () => first!.Dead.IsCompleted || await story.GoesOnAsync(job, hand), Story.Patience, "the operator is dead", job.DescribeAsync);
        // It lives on, its writes lost: the late one goes out over its own connection.
        if (atTheEnd)
        {
            await using var heir = await InProcessOperator.StartAsync(@namespace);
            await story.EndsAsync(job, hand, audit);
            await first!.SendHeldAsync();
            await story.StaysAsync(job);
        }
        else
        {
            await using var heir = await InProcessOperator.StartAsync(@namespace, inner => new FollowedWriter(inner, first!.SendHeldAsync));
            await story.EndsAsync(job, hand, audit);
        }

        return first!.Sent;
    }

    /// <summary>After its first write something else happens.</summary>
    private sealed class FollowedWriter(IKubeWriter inner, Func<Task> follow) : IKubeWriter
    {
        private int written;

        public Task<ApiAnswer> CreateAsync(ApiResource resource, string? @namespace, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
            FollowAsync(() => inner.CreateAsync(resource, @namespace, body, cancellationToken));

        public Task<ApiAnswer> PatchAsync(ApiResource resource, NamespacedName name, PatchType type, ReadOnlyMemory<byte> body, string? subresource, CancellationToken cancellationToken) =>
            FollowAsync(() => inner.PatchAsync(resource, name, type, body, subresource, cancellationToken));

        public Task<ApiAnswer> DeleteAsync(ApiResource resource, NamespacedName name, DeleteOptions options, CancellationToken cancellationToken) =>
            FollowAsync(() => inner.DeleteAsync(resource, name, options, cancellationToken));

        private async Task<ApiAnswer> FollowAsync(Func<Task<ApiAnswer>> send)
        {
            var answer = await send();
            if (Interlocked.Exchange(ref written, 1) == 0) await follow();
            return answer;
        }
    }
}
