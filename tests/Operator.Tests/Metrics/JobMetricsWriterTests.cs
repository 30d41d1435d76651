using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using GrpoOperator.Operator.Metrics;
using GrpoOperator.Operator.Reconcile;
using GrpoOperator.Operator.Views;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.Tests.Metrics;

/// <summary>The text that Prometheus reads, parsed by its grammar and not by how it is written.</summary>
public sealed partial class JobMetricsWriterTests
{
    private readonly JobCaches caches = Caches.Empty();
    private readonly ConsoleBook consoles = new();
    private readonly TrainingJobView job = TrainingJobView.Decode(Recorded.Bytes("trainingjob"))!;

    public JobMetricsWriterTests() => caches.Jobs.Apply(job);

    [Fact]
    public void Every_sample_has_its_family_before_it_and_its_job_s_labels()
    {
        var families = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in Text().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal)) Assert.True(families.Add(line.Split(' ')[2]), $"{line}: a family stands twice");
            if (line[0] == '#') continue;
            var sample = Sample().Match(line);
            Assert.True(sample.Success, line);
            Assert.Contains(sample.Groups["name"].Value, families);
            Assert.Contains($"namespace=\"{job.Job.Namespace}\"", line, StringComparison.Ordinal);
            Assert.Contains("job_name=\"", line, StringComparison.Ordinal);
            // "job" is Prometheus' own label.
            Assert.DoesNotContain("{job=", line, StringComparison.Ordinal);
            Assert.DoesNotContain(",job=", line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Names_with_total_are_counters_and_the_others_are_not()
    {
        foreach (var line in Text().Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)))
        {
            var parts = line.Split(' ');
            Assert.Equal(parts[2].EndsWith("_total", StringComparison.Ordinal) ? "counter" : "gauge", parts[3]);
        }
    }

    [Fact]
    public void A_running_job_shows_its_step_phase_and_pods()
    {
        var progress = job.Job.Status.Progress!;
        Assert.Equal(progress.Step!.Value, Value("grpo_job_step"));
        Assert.Equal(progress.TotalSteps!.Value, Value("grpo_job_steps"));
        Assert.Equal(4, Value("grpo_job_npus"));
        Assert.Equal(1, Value("grpo_job_status_phase", "phase=\"Running\""));
        Assert.Equal(0, Value("grpo_job_status_phase", "phase=\"Failed\""));
        Assert.Equal(1, Value("grpo_job_pod_info", $"pod_name=\"{job.Job.Name}-1\",rank=\"1\",attempt=\"1\""));
    }

    [Fact]
    public void Figures_that_status_does_not_keep_come_from_the_console()
    {
        Assert.DoesNotContain("grpo_job_entropy{", Text(), StringComparison.Ordinal);
        consoles.Note(job.NamespacedName, job.Uid, ConsoleOf("step:3 - actor/entropy:0.25 - actor/grad_norm:1.5"), news: true);
        Assert.Equal(0.25, Value("grpo_job_entropy"));
        Assert.Equal(1.5, Value("grpo_job_grad_norm"));
    }

    [Fact]
    public void Series_go_with_their_job()
    {
        caches.Jobs.Remove(job.NamespacedName, job.Uid);
        Assert.DoesNotMatch("(?m)^[^#]", Text());
    }

    [Fact]
    public void A_job_that_cannot_be_decoded_still_shows_its_phase_and_breaks_nothing()
    {
        caches.Jobs.Apply(TrainingJobView.Decode(Recorded.With("trainingjob", broken =>
        {
            broken["metadata"]!["name"] = "broken";
            broken["metadata"]!["uid"] = "broken";
            broken["spec"] = "nothing";
        }))!);
        Assert.Matches("grpo_job_status_phase\\{[^}]*job_name=\"broken\",phase=\"Running\"\\} 1", Text());
        Assert.Equal(1, Value("grpo_job_info", "strategy=\"FSDP\""));
    }

    private static ConsoleReading ConsoleOf(string line) => Training.Verl.ConsoleLog.Read(new ConsoleReading { PodUid = "pod" }, line + "\n", DateTime.UnixEpoch);

    private string Text()
    {
        var text = new StringBuilder();
        new JobMetricsWriter(caches, consoles).Write(text);
        return text.ToString();
    }

    private double Value(string name, string labels = "")
    {
        var lines = Text().Split('\n').Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) && line.Contains(labels, StringComparison.Ordinal) && line.Contains($"job_name=\"{job.Job.Name}\"", StringComparison.Ordinal));
        return double.Parse(Assert.Single(lines).Split(' ')[^1], CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*",?)+\} (NaN|[+-]Inf|-?[0-9.eE+-]+)$""")]
    private static partial Regex Sample();
}
