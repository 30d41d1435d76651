using System.Globalization;
using System.Text;
using GrpoOperator.Crds;
using GrpoOperator.Operator.Reconcile;
using GrpoOperator.Training;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Operator.Metrics;

/// <summary>
/// Per-job series, written at each scrape from the job cache: nothing is registered, so nothing is left when a job goes.
/// The leader alone writes them, so that two replicas never report a job twice.
/// </summary>
internal sealed class JobMetricsWriter(JobCaches caches, ConsoleBook consoles)
{
    private static readonly Family[] Families =
    [
        new("grpo_job_info", "gauge", "What a job is; always 1.", Info),
        new("grpo_job_status_phase", "gauge", "1 for the phase that a job is in.", Phase),
        new("grpo_job_pod_info", "gauge", "The pods of a running attempt; always 1.", PodInfo),
        new("grpo_job_restarts_total", "counter", "Restarts by failure class.", Restarts),
        Of("grpo_job_step", "Last training step.", progress => progress.Step),
        Of("grpo_job_steps", "Steps that the training has.", progress => progress.TotalSteps),
        Of("grpo_job_reward_mean", "Mean reward of the last step.", progress => Number(progress.RewardMean)),
        Of("grpo_job_validation_score", "Newest validation score.", progress => Number(progress.ValidationScore)),
        Of("grpo_job_step_seconds", "Seconds of the last step.", progress => Number(progress.SecondsPerStep)),
        Of("grpo_job_tokens_per_second_per_npu", "Throughput of the last step.", progress => Number(progress.TokensPerSecondPerNpu)),
        Of("grpo_job_response_length_mean", "Mean response length of the last step, in tokens.", progress => Number(progress.ResponseLengthMean)),
        Figure("grpo_job_response_clip_ratio", "Share of responses cut at the maximum length in the last step.", "response_length/clip_ratio"),
        Figure("grpo_job_entropy", "Policy entropy of the last step.", "actor/entropy"),
        Figure("grpo_job_kl", "KL divergence from the reference policy in the last step.", "actor/kl_loss"),
        Figure("grpo_job_grad_norm", "Gradient norm of the last step.", "actor/grad_norm"),
        Of("grpo_job_last_step_timestamp_seconds", "When the last step ended, Unix time.", progress => UnixTime(progress.LastStepTime)),
        new("grpo_job_npus", "gauge", "NPUs that a job asks for.", (job, _) => job.Status.Npus is { } npus ? [(string.Empty, npus)] : []),
        new("grpo_job_npu_seconds_total", "counter", "NPU-seconds of ended attempts, by what became of them.", NpuSeconds),
    ];

    /// <summary>Appends every family in Prometheus' text format.</summary>
    public void Write(StringBuilder text)
    {
        var jobs = caches.Jobs.All().Select(view => view.Job).ToArray();
        foreach (var family in Families)
        {
            text.Append("# HELP ").Append(family.Name).Append(' ').Append(family.Help).Append('\n');
            text.Append("# TYPE ").Append(family.Name).Append(' ').Append(family.Type).Append('\n');
            foreach (var job in jobs)
            {
                foreach (var (labels, value) in family.Samples(job, consoles.Of(job.Uid))) Sample(text, family.Name, job, labels, value);
            }
        }
    }

    private static IEnumerable<(string Labels, double Value)> Info(ObservedTrainingJob job, ConsoleReading? reading)
    {
        if (job.Spec is not { } spec) yield break;
        var accelerator = AcceleratorPreset.Of(spec.Workers.Accelerator).Name;
        var version = spec.VerlVersion ?? job.Status.Inspection?.VerlVersion ?? string.Empty;
        yield return ($",accelerator=\"{accelerator}\",strategy=\"{spec.Strategy}\",verl_version=\"{Escape(version)}\"", 1);
    }

    private static IEnumerable<(string Labels, double Value)> Phase(ObservedTrainingJob job, ConsoleReading? reading) =>
        Enum.GetValues<JobPhase>().Select(phase => ($",phase=\"{phase}\"", job.Status.Phase == phase ? 1.0 : 0.0));

    private static IEnumerable<(string Labels, double Value)> PodInfo(ObservedTrainingJob job, ConsoleReading? reading)
    {
        if (Decide.IsFinal(job.Status.Phase) || job.Status.CurrentAttempt is not { Pods: { } pods } attempt) return [];
        return pods.Select(pod => ($",pod_name=\"{Names.Pod(job.Name, pod.Ordinal)}\",rank=\"{pod.Ordinal}\",attempt=\"{attempt.Number}\"", 1.0));
    }

    private static IEnumerable<(string Labels, double Value)> Restarts(ObservedTrainingJob job, ConsoleReading? reading) =>
        Enum.GetValues<FailureClass>().Select(@class => ($",class=\"{@class}\"", (double)(job.Status.RestartsByClass?.GetValueOrDefault(@class.ToString()) ?? 0)));

    private static IEnumerable<(string Labels, double Value)> NpuSeconds(ObservedTrainingJob job, ConsoleReading? reading)
    {
        var spent = job.Status.NpuSeconds ?? new NpuSeconds();
        return [(",state=\"productive\"", spent.Productive), (",state=\"lost\"", spent.Lost), (",state=\"waiting\"", spent.Waiting)];
    }

    private static Family Of(string name, string help, Func<ProgressStatus, double?> read) =>
        new(name, "gauge", help, (job, _) => job.Status.Progress is { } progress && read(progress) is { } value ? [(string.Empty, value)] : []);

    /// <summary>A figure that status does not keep: of the last step line that this leader read.</summary>
    private static Family Figure(string name, string help, string key) =>
        new(name, "gauge", help, (_, reading) => reading?.Last?.First(key) is { } value ? [(string.Empty, value)] : []);

    private static double? Number(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static double? UnixTime(DateTime? time) => time is { } at ? new DateTimeOffset(at, TimeSpan.Zero).ToUnixTimeSeconds() : null;

    private static void Sample(StringBuilder text, string name, ObservedTrainingJob job, string labels, double value) =>
        text.Append(name).Append("{namespace=\"").Append(job.Namespace).Append("\",job_name=\"").Append(job.Name).Append('"').Append(labels).Append("} ")
            .Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');

    private static string Escape(string text) =>
        text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private sealed record Family(string Name, string Type, string Help, Func<ObservedTrainingJob, ConsoleReading?, IEnumerable<(string Labels, double Value)>> Samples);
}
