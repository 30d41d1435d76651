using GrpoOperator.Crds;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>
/// A life that the world and a user give a job, the same whoever looks after it: they wait for status to say what it saw
/// before they go on, so every telling has the same writes.
/// </summary>
/// <param name="Name">For messages.</param>
/// <param name="Job">What the job has beside what every job by hand has, in YAML.</param>
/// <param name="GoOn">Takes the world one step further; may be called at any time, and more often than needed.</param>
/// <param name="Made">The children that the API server accepted, in order of their names.</param>
/// <param name="Expect">What status says in the end.</param>
internal sealed record Story(string Name, string Job, Func<TrainingJob, Hand, GrpoTrainingJobStatus, Task> GoOn, IReadOnlyList<string> Made, Action<GrpoTrainingJobStatus> Expect)
{
    /// <summary>How long a life may take, and each wait in it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private const string Backoff = "backoff: {initialSeconds: 1, maxSeconds: 1}";

    private static readonly string[] Once = ["configmaps/mortal-launch", "jobs/mortal-inspect", "networkpolicies/mortal", "services/mortal", "statefulsets/mortal"];
    private static readonly string[] Twice = [.. Once, "statefulsets/mortal"];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Story> All => [Success, Restart, Suspension, GangRelease];

    /// <summary>Nothing goes wrong.</summary>
    public static Story Success { get; } = new(
        "a clean life", "spec: {}",
        (_, hand, status) => Launch(hand, status, finishes: true),
        Once,
        status => Expected(status, incarnation: 1, attempts: [1], restarts: 0));

    /// <summary>The first attempt's rank 0 dies, the second succeeds.</summary>
    public static Story Restart { get; } = new(
        "a restart", $"spec: {{failurePolicy: {{{Backoff}}}}}",
        async (job, hand, status) =>
        {
            await Launch(hand, status, finishes: status.Incarnation == 2);
            if (status is { Phase: JobPhase.Running, Incarnation: 1 }) await hand.EndRankAsync(job, 0, 139, Hand.Killed);
        },
        Twice,
        status =>
        {
            Expected(status, incarnation: 2, attempts: [1, 2], restarts: 1);
            Assert.True(status.Attempts![0] is { Reason: "TrainerFailed", ExitCode: 139 }, $"{status.Attempts[0]}");
            Assert.Equal((1, "Runtime 1"), (status.RestartsCounted, string.Join(", ", status.RestartsByClass!.Select(pair => $"{pair.Key} {pair.Value}"))));
        });

    /// <summary>The user suspends the running job, and takes that back.</summary>
    public static Story Suspension { get; } = new(
        "a suspension", "spec: {}",
        async (job, hand, status) =>
        {
            await Launch(hand, status, finishes: status.Incarnation == 2);
            if (status is { Phase: JobPhase.Running, Incarnation: 1 }) await job.ChangeSpecAsync("suspend: true");
            if (status.Phase == JobPhase.Suspended) await job.ChangeSpecAsync("suspend: false");
        },
        Twice,
        status => Expected(status, incarnation: 2, attempts: [1, 2], restarts: 0));

    /// <summary>Only one of two pods gets a node; the gang is released, and its successor gets both.</summary>
    public static Story GangRelease { get; } = new(
        "a gang release", $"spec: {{workers: {{nodes: 2}}, scheduling: {{gangTimeoutSeconds: 4}}, failurePolicy: {{{Backoff}}}}}",
        (_, hand, status) =>
        {
            hand.BindsRank = status.Incarnation < 2 ? rank => rank < 1 : _ => true;
            return Launch(hand, status, finishes: true);
        },
        Twice,
        status => Expected(status, incarnation: 2, attempts: [1], restarts: 0));

    /// <summary>Applies the job "mortal"; the world stands still until <see cref="GoesOnAsync"/>.</summary>
    public Task<TrainingJob> BeginAsync(TestNamespace @namespace, Hand hand)
    {
        hand.Launches = hand.Finishes = false;
        hand.BindsRank = _ => false;
        return TrainingJob.CreateAsync(@namespace, Samples.Merge(Samples.Small("mortal", 3, Hand.Job), Samples.Yaml(Job))!.AsObject());
    }

    /// <summary>Lets the world go on only when status has said what it saw, so that every life has the same writes.</summary>
    /// <returns>Whether the job has ended.</returns>
    public async Task<bool> GoesOnAsync(TrainingJob job, Hand hand)
    {
        var status = await job.StatusAsync();
        hand.BindsRank = _ => true;
        await GoOn(job, hand, status);
        return Decide.IsFinal(status.Phase);
    }

    /// <summary>Brings the story to its end, which has to be the one it has when nothing disturbs it.</summary>
    public async Task EndsAsync(TrainingJob job, Hand hand, AuditLog audit)
    {
        await Eventually.BeTrueAsync(() => GoesOnAsync(job, hand), Patience, "the job ends", job.DescribeAsync);
        var status = await job.ReachesAsync(JobPhase.Succeeded);
        await job.LosesItsTrainersAsync();
        Expect(status);
        await LosesItsStatefulSetAsync(job);
        // As the API server accepted them: a create that it refused did no harm.
        Assert.Equal(Made, audit.MadeIn(job.Namespace, "mortal"));
    }

    /// <summary>What is made after the end is removed, and status says what it said.</summary>
    public async Task StaysAsync(TrainingJob job)
    {
        await LosesItsStatefulSetAsync(job);
        await job.LosesItsTrainersAsync();
        var status = await job.StatusAsync();
        Assert.Equal(JobPhase.Succeeded, status.Phase);
        Expect(status);
    }

    public override string ToString() => Name;

    private static Task LosesItsStatefulSetAsync(TrainingJob job) => Eventually.BeTrueAsync(
        async () => (await Kube.ListAsync(ApiResources.StatefulSets, job.Namespace)).Count == 0, TimeSpan.FromSeconds(20), "no StatefulSet is left", job.DescribeAsync);

    private static Task Launch(Hand hand, GrpoTrainingJobStatus status, bool finishes)
    {
        hand.Launches |= status.Phase == JobPhase.Starting;
        hand.Finishes |= status.Phase == JobPhase.Running && finishes;
        return Task.CompletedTask;
    }

    private static void Expected(GrpoTrainingJobStatus status, int incarnation, int[] attempts, int restarts)
    {
        Assert.Equal((incarnation, attempts[^1], restarts, 3), (status.Incarnation, status.AttemptsUsed, status.Restarts, status.Progress!.Step!.Value));
        Assert.Equal(attempts, status.Attempts!.Select(attempt => attempt.Number));
        Assert.Null(status.Failing);
    }
}
