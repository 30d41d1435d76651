using System.Text.Json.Nodes;
using GrpoOperator.Operator.Views;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.Tests.Views;

public sealed class ViewDecoderTests
{
    [Fact]
    public void A_trainer_pod_is_read()
    {
        var view = ViewDecoders.Pod(Recorded.Bytes("pod"))!;
        var pod = view.Observed;
        Assert.Equal("StatefulSet", view.Owner!.Kind);
        Assert.Equal(view.JobName, view.Owner.Name);
        Assert.Equal((0, 1, true, true, false), (pod.Ordinal, pod.Incarnation, pod.Bound, pod.IsReady, pod.Deleting));
        Assert.True(pod.Main!.Running);
        Assert.Null(pod.FirstEnd);
        Assert.Equal(DateTimeKind.Utc, pod.Main.StartedAt!.Value.Kind);
        Assert.Equal(DateTimeKind.Utc, pod.Ready!.Since.Kind);
    }

    [Fact]
    public void The_result_of_an_inspector_is_its_termination_message()
    {
        var pod = ViewDecoders.Pod(Recorded.Bytes("inspector-pod"))!.Observed;
        Assert.Equal((-1, 0), (pod.Ordinal, pod.FirstEnd!.ExitCode));
        Assert.Equal("qwen3_moe", InspectionResult.Parse(pod.FirstEnd.Message)!.Model!.Type);
    }

    [Fact]
    public void Only_the_main_container_counts()
    {
        var json = Recorded.With("pod", pod =>
        {
            var statuses = pod["status"]!["containerStatuses"]!.AsArray();
            statuses.Insert(0, JsonNode.Parse("""{"name": "sidecar", "restartCount": 3, "state": {"terminated": {"exitCode": 1}}}"""));
        });
        Assert.Null(ViewDecoders.Pod(json)!.Observed.FirstEnd);
    }

    [Fact]
    public void A_container_that_was_started_again_tells_its_first_end()
    {
        var json = Recorded.With("pod", pod => pod["status"]!["containerStatuses"]![0]!["lastState"] = JsonNode.Parse("""{"terminated": {"exitCode": 3, "message": "said"}}"""));
        Assert.Equal((3, "said"), (ViewDecoders.Pod(json)!.Observed.FirstEnd!.ExitCode, ViewDecoders.Pod(json)!.Observed.FirstEnd!.Message));
    }

    [Theory]
    [InlineData("grpo-operator.dev/job")]
    [InlineData("grpo-operator.dev/job-uid")]
    public void Without_a_job_s_labels_there_is_no_view(string label) =>
        Assert.Null(ViewDecoders.Pod(Recorded.With("pod", pod => pod["metadata"]!["labels"]!.AsObject().Remove(label))));

    [Fact]
    public void What_nobody_reads_does_not_change_the_hash()
    {
        var hash = ViewDecoders.Pod(Recorded.Bytes("pod"))!.Hash;
        var same = Recorded.With("pod", pod =>
        {
            pod["metadata"]!["resourceVersion"] = "99999999";
            pod["metadata"]!["managedFields"] = new JsonArray();
            pod["status"]!["podIP"] = "10.0.0.1";
        });
        Assert.Equal(hash, ViewDecoders.Pod(same)!.Hash);
        Assert.NotEqual(hash, ViewDecoders.Pod(Recorded.With("pod", pod => pod["metadata"]!["deletionTimestamp"] = "2026-01-02T03:04:05Z"))!.Hash);
        Assert.NotEqual(hash, ViewDecoders.Pod(Recorded.With("pod", pod => pod["status"]!["conditions"]!.AsArray().Clear()))!.Hash);
    }

    [Fact]
    public void A_sealed_StatefulSet_is_told_from_one_that_is_not()
    {
        var set = ViewDecoders.StatefulSet(Recorded.Bytes("statefulset"))!.Observed;
        Assert.Equal((1, true, false), (set.Incarnation, set.Sealed, set.Deleting));
        var open = Recorded.With("statefulset", json =>
        {
            var environment = json["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!.AsArray();
            environment.Remove(environment.Single(entry => (string?)entry!["name"] == "GRPO_SEALED"));
        });
        Assert.False(ViewDecoders.StatefulSet(open)!.Observed.Sealed);
    }

    [Fact]
    public void A_Job_that_completed_says_so_and_of_which_try_it_is()
    {
        var job = ViewDecoders.BatchJob(Recorded.Bytes("job"))!.Observed;
        Assert.Equal((BatchJobOutcome.Complete, 1), (job.Outcome, job.Incarnation));
        Assert.EndsWith(".1", job.Try, StringComparison.Ordinal);
        var failed = Recorded.With("job", json => json["status"]!["conditions"] = JsonNode.Parse("""[{"type": "Failed", "status": "True", "reason": "DeadlineExceeded"}]"""));
        Assert.Equal((BatchJobOutcome.Failed, "DeadlineExceeded"), (ViewDecoders.BatchJob(failed)!.Observed.Outcome, ViewDecoders.BatchJob(failed)!.Observed.FailureReason));
    }

    [Fact]
    public void The_other_children_are_read()
    {
        Assert.Equal(1, ViewDecoders.Service(Recorded.Bytes("service"))!.Observed.SelectedIncarnation);
        Assert.NotNull(ViewDecoders.ConfigMap(Recorded.Bytes("configmap"))!.Observed.ContentHash);
        Assert.Equal(ViewDecoders.NetworkPolicy(Recorded.Bytes("networkpolicy"))!.Uid, ViewDecoders.NetworkPolicy(Recorded.Bytes("networkpolicy"))!.Observed);
    }

    [Fact]
    public void A_refusal_names_the_object_and_its_repetition_is_no_news()
    {
        var view = ViewDecoders.Refusal(Recorded.Bytes("event"))!;
        Assert.Contains("exceeded quota", view.Refusal.Message, StringComparison.Ordinal);
        var again = Recorded.With("event", json =>
        {
            json["count"] = 17;
            json["lastTimestamp"] = "2027-01-02T03:04:05Z";
        });
        Assert.Equal(view.Hash, ViewDecoders.Refusal(again)!.Hash);
        Assert.True(ViewDecoders.Refusal(again)!.Refusal.At > view.Refusal.At);
    }
}
