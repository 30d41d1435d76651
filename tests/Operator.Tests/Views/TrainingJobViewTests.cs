using GrpoOperator.Crds;
using GrpoOperator.Operator.Views;

namespace GrpoOperator.Operator.Tests.Views;

public sealed class TrainingJobViewTests
{
    [Fact]
    public void A_running_job_is_read_with_spec_and_status()
    {
        var job = TrainingJobView.Decode(Recorded.Bytes("trainingjob"))!.Job;
        Assert.Null(job.DecodeError);
        Assert.Equal((2, JobPhase.Running, 2), (job.Spec!.Workers.Nodes, job.Status.Phase, job.Status.CurrentAttempt!.Pods!.Count));
    }

    [Fact]
    public void A_spec_that_cannot_be_decoded_says_where()
    {
        var view = TrainingJobView.Decode(Recorded.With("trainingjob", job => job["spec"]!["workers"]!["nodes"] = "two"))!;
        Assert.Null(view.Job.Spec);
        Assert.StartsWith("spec.workers.nodes: ", view.Job.DecodeError, StringComparison.Ordinal);
        // Its status is still known: nothing running is forgotten.
        Assert.Equal(JobPhase.Running, view.Job.Status.Phase);
    }

    [Fact]
    public void A_job_without_a_status_is_new()
    {
        var view = TrainingJobView.Decode(Recorded.With("trainingjob", job => job.AsObject().Remove("status")))!;
        Assert.Null(view.Job.Status.Phase);
        Assert.Equal(0, view.Job.Status.Incarnation);
    }

    [Fact]
    public void Of_the_annotations_only_ours_are_kept_and_count()
    {
        var plain = TrainingJobView.Decode(Recorded.Bytes("trainingjob"))!;
        var annotated = TrainingJobView.Decode(Recorded.With("trainingjob", job =>
            job["metadata"]!["annotations"] = new System.Text.Json.Nodes.JsonObject { ["kubectl.kubernetes.io/last-applied-configuration"] = "{}" }))!;
        Assert.Empty(annotated.Job.Annotations);
        Assert.Equal(plain.Hash, annotated.Hash);
        var requested = TrainingJobView.Decode(Recorded.With("trainingjob", job =>
            job["metadata"]!["annotations"] = new System.Text.Json.Nodes.JsonObject { ["grpo-operator.dev/restart-requested"] = "now" }))!;
        Assert.NotEqual(plain.Hash, requested.Hash);
    }

    [Fact]
    public void Status_fields_of_another_version_do_not_stand_in_the_way()
    {
        var view = TrainingJobView.Decode(Recorded.With("trainingjob", job => job["status"]!["invented"] = "later"))!;
        Assert.Equal(JobPhase.Running, view.Job.Status.Phase);
    }
}
