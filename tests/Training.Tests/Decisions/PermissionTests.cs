using GrpoOperator.Crds;
using GrpoOperator.Training.Ascend;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Tests.Decisions;

/// <summary>What an administrator allows, and what a job is warned of although it is allowed.</summary>
public sealed class PermissionTests
{
    [Fact]
    public void A_job_without_leave_is_invalid_and_makes_nothing_until_it_is_given()
    {
        var sketch = new Sketch().WithSpec(OnHost);
        var refused = sketch.Decide();
        var valid = refused.Status.Condition(ConditionTypes.Valid)!;
        Assert.Equal((JobPhase.Invalid, ConditionStatus.False, RuleNames.HostNamespace), (refused.Status.Phase, valid.Status, valid.Reason));
        Assert.Contains("allowed.hostNetwork", valid.Message, StringComparison.Ordinal);
        Assert.Contains(refused.Events, told => told.Warning && told.Reason == RuleNames.HostNamespace);
        Assert.Empty(refused.Acts);

        Assert.NotEmpty(sketch.With(Leave).Decide().Acts);
    }

    [Fact]
    public void Leave_that_is_taken_back_ends_no_gang()
    {
        var sketch = new Sketch().WithSpec(OnHost).With(Leave);
        sketch.Decide();
        sketch.WithJobEnd(ChildKind.InspectionJob, Sketch.Inspection()).Decide();
        sketch.Decide();
        var decision = sketch.With(seen => seen with { Cluster = new ClusterFacts() }).WithTrainers().Decide();
        Assert.Equal(JobPhase.Starting, decision.Status.Phase);
    }

    [Fact]
    public void On_the_hosts_network_the_open_ports_are_warned_of_once()
    {
        var sketch = new Sketch().WithSpec(OnHost).With(Leave);
        var decision = sketch.Decide();
        var warned = decision.Status.Condition(ConditionTypes.Warned)!;
        var ports = HostPorts.Of(Sketch.Uid);
        Assert.Equal((ConditionStatus.True, Reasons.RayExposed), (warned.Status, warned.Reason));
        Assert.Contains($"ports {ports.First} to {ports.LastWorker}", warned.Message, StringComparison.Ordinal);
        Assert.Equal(warned.Message, Assert.Single(decision.Events, told => told.Reason == Reasons.RayExposed).Message);
        Assert.DoesNotContain(sketch.Decide().Events, told => told.Reason == Reasons.RayExposed);
    }

    [Fact]
    public void In_the_pods_own_network_nobody_is_warned() => Assert.Null(new Sketch().Decide().Status.Condition(ConditionTypes.Warned));

    private static GrpoTrainingJobSpec OnHost(GrpoTrainingJobSpec spec) => spec with { Workers = spec.Workers with { HostNetwork = true } };

    private static Observation Leave(Observation seen) => seen with { Cluster = seen.Cluster with { Allowed = new AllowedPodFields { HostNetwork = true } } };
}
