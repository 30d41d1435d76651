using GrpoOperator.Crds;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.E2E;

/// <summary>What the operator says of itself and of its jobs, as a real Prometheus reads it.</summary>
public sealed class PrometheusTests
{
    [ClusterFact]
    public async Task It_answers_for_a_running_job_s_step_and_the_series_go_with_the_job()
    {
        await using var @namespace = await TestNamespace.CreateAsync("metrics");
        await @namespace.MakeInputsAsync();
        await using var @operator = await OperatorProcess.StartAsync(@namespace, timeScale: 0.2);
        await using var prometheus = await Prometheus.StartAsync(@operator.MetricsPort);
        using var npus = await Npus.ReserveAsync(nodes: 1, each: 2);
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Small("seen", 2000));
        var series = $"{{namespace=\"{@namespace.Name}\",job_name=\"seen\"}}";
        await job.SeesAsync("a step", status => status is { Phase: JobPhase.Running, Progress.Step: > 0 });

        await ShowsAsync($"grpo_job_step{series}", value => value > 0);
        await ShowsAsync($"grpo_job_steps{series}", value => value == 2000);
        await ShowsAsync($"grpo_job_npus{series}", value => value == 2);
        await ShowsAsync($"sum(grpo_job_status_phase{series})", value => value == 1);
        await ShowsAsync($"grpo_job_entropy{series}", value => value > 0);
        await ShowsAsync("leader_election_master_status", value => value == 1);
        await ShowsAsync("sum(controller_runtime_reconcile_total{result!=\"error\"})", value => value > 0);
        await ShowsAsync("sum(rest_client_requests_total{code=\"201\",method=\"POST\"})", value => value > 0);

        await job.DeleteAsync();
        await Eventually.BeTrueAsync(async () => (await prometheus.QueryAsync($"count({{namespace=\"{@namespace.Name}\"}})")).Count == 0, TimeSpan.FromSeconds(60), "no series of the job is left");
        await ShowsAsync("up", value => value == 1);

        Task ShowsAsync(string query, Func<double, bool> right) => Eventually.BeTrueAsync(
            async () => await prometheus.QueryAsync(query) is [var value] && right(value),
            TimeSpan.FromSeconds(60), query, async () => string.Join(", ", await prometheus.QueryAsync(query)));
    }
}
