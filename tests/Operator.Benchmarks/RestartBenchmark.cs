using GrpoOperator.Crds;
using GrpoOperator.Operator.Cluster;
using GrpoOperator.Operator.IntegrationTests;

namespace GrpoOperator.Operator.Benchmarks;

/// <summary>
/// How soon a gang whose container died is asked to go, and what a restart costs, on the real API server and by its clock.
/// Pods are played by hand; the operator is a process of its own, whose waits are a tenth of the usual (none of them lies
/// between a death and the deletion).
/// </summary>
public sealed class RestartBenchmark
{
    private const int Jobs = 10;
    private const int RestartsEach = 12;
    private const string Spec = "spec: {workers: {nodes: 2}, failurePolicy: {maxRestarts: 100, backoff: {initialSeconds: 1, maxSeconds: 1}}}";

    [ClusterFact]
    public async Task From_a_container_s_death_to_the_deletion_of_its_gang()
    {
        await using var @namespace = await TestNamespace.CreateAsync("bench", volumes: false);
        await using var hand = await Hand.StartAsync(@namespace);
        hand.Finishes = false;
        var audit = new AuditLog();
        await using var @operator = await OperatorProcess.StartAsync(@namespace, timeScale: 0.1);
        await Task.WhenAll(Enumerable.Range(1, Jobs).Select(number => RestartAsync(@namespace, hand, $"job-{number}")));

        var writes = audit.WritesIn(@namespace.Name);
        var restarts = Enumerable.Range(1, Jobs).SelectMany(number => RestartsOf($"job-{number}", writes, @namespace.OperatorUser)).ToArray();
        var latencies = restarts.Select(restart => restart.Latency).Order().ToArray();
        Assert.Equal(Jobs * RestartsEach, latencies.Length);
        var (p50, p99) = (At(latencies, 0.5), At(latencies, 0.99));
        var (others, statuses) = (restarts.Max(restart => restart.Writes), restarts.Max(restart => restart.Statuses));
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{latencies.Length} restarts of {Jobs} jobs: death to deletion request p50 {p50.TotalMilliseconds:0} ms, p99 {p99.TotalMilliseconds:0} ms, most {latencies[^1].TotalMilliseconds:0} ms; "
            + $"writes per restart at most {others} and {statuses} of status");
        Assert.True(p99 < TimeSpan.FromSeconds(2), $"p99 {p99}");
        Assert.InRange(others, 1, 4);
        Assert.InRange(statuses, 1, 5);
    }

    private static async Task RestartAsync(TestNamespace @namespace, Hand hand, string name)
    {
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Merge(Samples.Small(name, 3, Hand.Job), Samples.Yaml(Spec))!.AsObject());
        for (var incarnation = 1; incarnation <= RestartsEach; incarnation++)
        {
            await job.SeesAsync($"incarnation {incarnation}", status => status.Phase == JobPhase.Running && status.Incarnation == incarnation);
            await hand.EndRankAsync(job, 0, 139, Hand.Killed);
        }

        await job.SeesAsync("the last one", status => status is { Phase: JobPhase.Running, Restarts: RestartsEach });
    }

    /// <summary>What the record says of each restart of a job: from the death's status to the next one's are its writes.</summary>
    private static IEnumerable<(TimeSpan Latency, int Writes, int Statuses)> RestartsOf(string job, IReadOnlyList<AuditedRequest> writes, string @operator)
    {
        var mine = writes.Where(write => write is { IsAccepted: true, Resource: not ("events" or "leases") } && (write.Name == job || write.Name.StartsWith(job + "-", StringComparison.Ordinal)))
            .OrderBy(write => write.Answered).ToArray();
        AuditedRequest? state = null;
        var death = TimeSpan.Zero;
        var (others, statuses, open) = (0, 0, false);
        foreach (var write in mine)
        {
            if (write.User != @operator)
            {
                if (write is { Resource: "pods", Subresource: "status" } && write.Name == $"{job}-0") state = write;
                continue;
            }

            if (write is { Resource: "statefulsets", Verb: "delete" })
            {
                if (open) yield return (death, others, statuses);
                death = write.Received - state!.Answered;
                (others, statuses, open) = (0, 0, true);
            }

            if (write.Resource == "grpotrainingjobs") statuses++;
            else others++;
        }

        if (open) yield return (death, others, statuses);
    }

    private static TimeSpan At(TimeSpan[] sorted, double quantile) => sorted[(int)Math.Ceiling(quantile * sorted.Length) - 1];
}
