using GrpoOperator.Crds;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.E2E;

/// <summary>The real image, installed by the real chart: two replicas, one of them killed while the published sample runs.</summary>
public sealed class DeployedOperatorTests(DeployedOperator life) : IClassFixture<DeployedOperator>
{
    [OperatorImageFact]
    public void When_its_leader_is_killed_the_standby_goes_on_and_the_job_succeeds()
    {
        Assert.InRange(life.AtKill.Progress!.Step!.Value, 1, DeployedOperator.Steps - 1);
        // Killed, not asked: 128 + 9.
        Assert.Equal(137, (int?)life.Killed.Container["lastState"]!["terminated"]!["exitCode"]);
        Assert.Equal(life.Standby.Name, life.LeaderAtEnd.Name);
        Assert.Equal(0, (int?)life.LeaderAtEnd.Container["restartCount"]);
        Assert.Equal(
            (JobPhase.Succeeded, DeployedOperator.Steps, 1, 1, 0),
            (life.End.Phase, life.End.Progress!.Step!.Value, life.End.Incarnation, life.End.AttemptsUsed, life.End.Restarts));
    }

    [OperatorImageFact]
    public void Nothing_is_made_twice()
    {
        var made = life.Requests.Where(request => request is { Verb: "create", Resource: not ("events" or "leases") }).ToArray();
        TestContext.Current.TestOutputHelper!.WriteLine(life.Told);
        Assert.All(made, request => Assert.True(request.IsAccepted, $"{request}"));
        Assert.Equal(
            [
                "configmaps/deployed-launch", "jobs/deployed-convert", "jobs/deployed-data", "jobs/deployed-inspect", "networkpolicies/deployed", "services/deployed",
                "statefulsets/deployed",
            ],
            made.Select(request => $"{request.Resource}/{request.Name}").Order(StringComparer.Ordinal));
    }

    [OperatorImageFact]
    public void The_killed_leader_s_successor_makes_all_remaining_writes()
    {
        var writers = life.Requests.Where(request => request.IsWrite && request.Resource != "leases").Select(request => request.From).ToArray();
        var last = Array.LastIndexOf(writers, life.Leader.Address);
        Assert.All(writers[..(last + 1)], writer => Assert.Equal(life.Leader.Address, writer));
        Assert.All(writers[(last + 1)..], writer => Assert.Equal(life.Standby.Address, writer));
        Assert.Contains(life.Requests, request => request is { Resource: "statefulsets", Verb: "create" } && request.From == life.Leader.Address);
        Assert.Contains(life.Requests, request => request is { Resource: "statefulsets", Verb: "delete" } && request.From == life.Standby.Address);
        Assert.Contains(life.Requests, request => request is { Resource: "grpotrainingjobs", Subresource: "status", IsAccepted: true } && request.From == life.Standby.Address);
    }

    [OperatorImageFact]
    public void Its_rights_suffice_for_every_request()
    {
        Assert.DoesNotContain(life.Requests, request => request.Code is 401 or 403);
        // Reads are in the record: else the line above would say little.
        foreach (var resource in (string[])["grpotrainingjobs", "pods", "statefulsets", "jobs", "services", "configmaps", "networkpolicies", "events", "nodes"])
            Assert.Contains(life.Requests, request => request.Resource == resource && request is { Verb: "watch", IsAccepted: true });
        Assert.Contains(life.Requests, request => request is { Resource: "pods", Subresource: "log", IsAccepted: true });
    }

    [OperatorImageFact]
    public void It_says_who_it_is() => Assert.All(life.Requests, request => Assert.Matches(@"^grpo-operator/[0-9]+\.[0-9]+\.[0-9]+$", request.UserAgent));

    [OperatorImageFact]
    public void The_restricted_profile_really_holds()
    {
        string[] own = ["65532", "65532", "65532", "65532"];
        Assert.Equal(own, life.Process["Uid"]);
        Assert.Equal(own, life.Process["Gid"]);
        foreach (var set in (string[])["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]) Assert.Equal(["0000000000000000"], life.Process[set]);
        Assert.Equal(["1"], life.Process["NoNewPrivs"]);
        // A filter, as the runtime's default profile is.
        Assert.Equal(["2"], life.Process["Seccomp"]);
        Assert.Contains("ro", life.RootMount);
    }
}
