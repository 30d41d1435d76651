using GrpoOperator.Crds;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>What a soak does to one job, and where that job must be in the end: the model that the operator is held against.</summary>
internal sealed class Fate
{
    /// <summary>For anything of one job while its operator is killed every minute.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private const string Misled = """{"v":1,"code":"ConfigCpus","step":null,"launched":false,"exit":70,"rank":0,"attempt":1,"incarnation":1,"message":"too few CPUs","log":""}""";

    private readonly TrainingJob job;
    private readonly Hand hand;
    private readonly Random random;

    private Fate(TrainingJob job, Hand hand, Random random)
    {
        this.job = job;
        this.hand = hand;
        this.random = random;
    }

    /// <summary>Makes a job and sees it to an end that is drawn.</summary>
    /// <returns>Whether the job is still there, ended.</returns>
    public static async Task<bool> TellAsync(TestNamespace @namespace, Hand hand, string name, Random random)
    {
        const string Spec = "spec: {workers: {nodes: 2}, failurePolicy: {maxRestarts: 3, backoff: {initialSeconds: 1, maxSeconds: 2}}}";
        var made = await TrainingJob.CreateAsync(@namespace, Samples.Merge(Samples.Small(name, 3, Hand.Job), Samples.Yaml(Spec))!.AsObject());
        var fate = new Fate(made, hand, random);
        return random.Next(5) switch
        {
            0 => await fate.SucceedAsync(failures: random.Next(4)),
            1 => await fate.ExhaustAsync(),
            2 => await fate.MisleadAsync(),
            3 => await fate.SuspendAsync(),
            _ => await fate.DeleteAsync(),
        };
    }

    private async Task<bool> SucceedAsync(int failures)
    {
        for (var incarnation = 1; incarnation <= failures; incarnation++) await EndAsync(incarnation, 139, Hand.Killed);
        await EndAsync(failures + 1, 0, Hand.Done);
        var status = await job.ReachesAsync(JobPhase.Succeeded, Patience);
        Assert.Equal((failures, failures, failures + 1, failures + 1), (status.Restarts, status.RestartsCounted, status.AttemptsUsed, status.Incarnation));
        return true;
    }

    private async Task<bool> ExhaustAsync()
    {
        for (var incarnation = 1; incarnation <= 4; incarnation++) await EndAsync(incarnation, 139, Hand.Killed);
        var status = await job.ReachesAsync(JobPhase.Failed, Patience);
        Assert.Equal((3, 3, 4, 4), (status.Restarts, status.RestartsCounted, status.AttemptsUsed, status.Incarnation));
        return true;
    }

    private async Task<bool> MisleadAsync()
    {
        await EndAsync(1, 70, Misled);
        var status = await job.ReachesAsync(JobPhase.Failed, Patience);
        Assert.Equal((0, 1, FailureClass.Configuration), (status.Restarts, status.AttemptsUsed, status.Attempts![0].FailureClass));
        return true;
    }

    private async Task<bool> SuspendAsync()
    {
        await Task.Delay(TimeSpan.FromSeconds(random.Next(12)));
        await job.ChangeSpecAsync("suspend: true");
        await job.ReachesAsync(JobPhase.Suspended, Patience);
        Assert.Empty(await job.PodsAsync());
        await job.ChangeSpecAsync("suspend: false");
        var status = await job.SeesAsync("it runs again", status => status.Phase == JobPhase.Running, Patience);
        await EndAsync(status.Incarnation, 0, Hand.Done);
        status = await job.ReachesAsync(JobPhase.Succeeded, Patience);
        Assert.Equal((0, 0), (status.Restarts, status.RestartsCounted));
        Assert.InRange(status.AttemptsUsed, 1, 2);
        return true;
    }

    private async Task<bool> DeleteAsync()
    {
        await Task.Delay(TimeSpan.FromSeconds(random.Next(15)));
        await job.DeleteAsync();
        return false;
    }

    private async Task EndAsync(int incarnation, int exitCode, string message)
    {
        await job.SeesAsync($"incarnation {incarnation} runs", status => status.Phase == JobPhase.Running && status.Incarnation == incarnation, Patience);
        await hand.EndRankAsync(job, 0, exitCode, message);
    }
}
