using GrpoOperator.Crds;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.E2E;

/// <summary>The main job of the project, on real kubelets: the published sample from apply to Succeeded, and once more.</summary>
public sealed class PublishedSampleTests(PublishedSample sample) : IClassFixture<PublishedSample>
{
    [ClusterFact]
    public void It_runs_to_Succeeded_with_everything_prepared_and_converted()
    {
        Assert.Equal(JobPhase.Succeeded, sample.First.Phase);
        Assert.Equal(6, sample.First.Progress?.Step);
        Assert.Equal(1, sample.First.AttemptsUsed);
        Assert.Equal(0, sample.First.Restarts);
        Assert.Equal(32, sample.First.Npus);
        Assert.Equal(Reasons.DataPrepared, ReasonOf(sample.First, ConditionTypes.DataReady));
        Assert.Equal(Reasons.WeightsConverted, ReasonOf(sample.First, ConditionTypes.WeightsReady));
        Assert.Equal(["node-1", "node-2"], sample.First.CurrentAttempt!.Pods!.Select(pod => pod.Node).Order(StringComparer.Ordinal));
    }

    [ClusterFact]
    public void The_trainer_received_the_published_arguments_and_one_for_the_replaced_number_of_steps()
    {
        var published = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "published-two-node.args"));
        Assert.Equal(62, published.Length);
        Assert.Equal(["-m", "verl.trainer.main_ppo"], sample.ReceivedArguments[..2]);
        Assert.Equal(
            published.Select(Unquoted).Append("trainer.total_training_steps=6").Order(StringComparer.Ordinal),
            sample.ReceivedArguments.Select(Unquoted).Order(StringComparer.Ordinal));
    }

    [ClusterFact]
    public void Kubectl_get_shows_step_reward_restarts_and_NPUs_while_it_runs()
    {
        var rows = sample.Table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        Assert.Equal(["NAME", "PHASE", "STEP", "REWARD", "RESTARTS", "NPUS", "AGE"], rows[0]);
        Assert.Equal(["first", "Running"], rows[1][..2]);
        Assert.Matches("^[1-6]/6$", rows[1][2]);
        Assert.InRange(double.Parse(rows[1][3]), 0.0001, 1);
        Assert.Equal(["0", "32"], rows[1][4..6]);
    }

    [ClusterFact]
    public void A_clean_life_with_data_and_conversion_costs_at_most_20_writes()
    {
        AtMost(20, "first", sample.FirstWrites);
        // Its steps take long enough for writes that tell of nothing else; those of the second may come with a phase.
        Assert.True(JobHistory.ProgressWrites(sample.JobStates, "first") > 0, "no progress write was told apart");
    }

    [ClusterFact]
    public void A_clean_life_without_them_costs_at_most_14_writes() => AtMost(14, "second", sample.SecondWrites);

    [ClusterFact]
    public void No_pod_but_the_converter_asks_for_an_NPU_before_the_StatefulSet() =>
        Assert.Equal(["converter", "trainer", "trainer"], JobHistory.PodsWithNpus(sample.PodStates, "first").Select(pod => pod.Component));

    [ClusterFact]
    public void A_second_job_on_the_same_weights_converts_nothing_and_holds_no_NPU_before_its_StatefulSet()
    {
        Assert.Equal(JobPhase.Succeeded, sample.Second.Phase);
        Assert.Equal(Reasons.CacheHit, ReasonOf(sample.Second, ConditionTypes.WeightsReady));
        Assert.Equal(Reasons.DataPresent, ReasonOf(sample.Second, ConditionTypes.DataReady));
        Assert.Equal(["second-inspect"], sample.ChildrenOfSecond);
        Assert.Equal(["trainer", "trainer"], JobHistory.PodsWithNpus(sample.PodStates, "second").Select(pod => pod.Component));
    }

    private static string? ReasonOf(GrpoTrainingJobStatus status, string condition) => status.Conditions.FirstOrDefault(c => c.Type == condition)?.Reason;

    private static string Unquoted(string argument) => argument.Replace("'", string.Empty, StringComparison.Ordinal);

    private void AtMost(int limit, string job, IReadOnlyList<AuditedRequest> writes)
    {
        var counted = writes.Where(write => write.Resource != "events").ToArray();
        var progress = JobHistory.ProgressWrites(sample.JobStates, job);
        TestContext.Current.TestOutputHelper!.WriteLine($"{counted.Length} writes, {progress} of them progress:\n{string.Join('\n', counted.AsEnumerable())}");
        // A count of nothing would prove nothing.
        Assert.Contains(counted, write => write is { Resource: "statefulsets", Verb: "create", IsAccepted: true });
        Assert.InRange(counted.Length - progress, 5, limit);
    }
}
