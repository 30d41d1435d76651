using System.Text;
using System.Text.Json.Nodes;
using GrpoOperator.Crds;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Reconcile;
using Microsoft.Extensions.Time.Testing;

namespace GrpoOperator.Simulation;

/// <summary>
/// One history: a job from creation to its end, with the order of everything chosen by a seed. Processes crash around
/// writes, a paused leader goes on with what it knew, caches lag each by its own.
/// </summary>
internal sealed class History
{
    private const int MostSteps = 6000;
    private static readonly NamespacedName Job = new("team-a", "math");

    private readonly Random random;
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly World world;
    private readonly Cluster cluster;
    private readonly Plot plot;
    private readonly StringBuilder timeline = new();
    private SimulatedOperator leader;
    private int crashesLeft;
    private bool killDue;
    private int acceptedSets;

    public History(int seed)
    {
        random = new Random(seed);
        world = new World(() => time.GetUtcNow());
        plot = new Plot(Fails: random.Next(3) == 0, FailingRank: random.Next(2), ExitCode: random.Next(1, 140), ConvertedAlready: random.Next(2) == 0, PodKilled: random.Next(4) == 0);
        killDue = plot.PodKilled;
        crashesLeft = random.Next(5);
        cluster = new Cluster(world, plot);
        world.Create(Resources.TrainingJobs, Job.Namespace, JsonNode.Parse(JobJson)!.AsObject());
        leader = NewLeader();
    }

    /// <summary>What happened, a line each.</summary>
    public string Timeline => timeline.ToString();

    /// <summary>The job's status now.</summary>
    public JsonObject Status => world.Find(Resources.TrainingJobs, Job)!["status"]?.AsObject() ?? [];

    /// <summary>Runs to the end; answers what is wrong, or null.</summary>
    public async Task<string?> RunAsync()
    {
        var trainingsAtSuccess = -1;
        for (var step = 0; step < MostSteps; step++)
        {
            if (!await StepAsync()) return Verdict();
            if (cluster.Succeeded && trainingsAtSuccess < 0) trainingsAtSuccess = cluster.Trainings.Count;
            if (trainingsAtSuccess >= 0 && cluster.Trainings.Count > trainingsAtSuccess) return "a training was started after a success";
            if (cluster.Trainings.Count > 1) return "two trainings were started in one incarnation";
        }

        return $"it does not end: phase {Status["phase"]}";
    }

    /// <summary>Takes one step of somebody; false when nobody has anything left to do.</summary>
    private async Task<bool> StepAsync()
    {
        var steps = cluster.Steps();
        foreach (var feed in leader.Behind) steps.Add(() => leader.Deliver(feed, random.Next(1, 4)));
        if (killDue && cluster.Trainings.Count > 0) steps.Add(() => { killDue = false; Note("a trainer pod is deleted"); cluster.KillPod(random); });
        var reconcile = leader.Dirty || leader.LookAgainAt <= time.GetUtcNow();
        if (steps.Count > 0 || reconcile)
        {
            var chosen = random.Next(steps.Count + (reconcile ? 1 : 0));
            if (chosen < steps.Count) steps[chosen]();
            else await ReconcileAsync();
            if (random.Next(8) == 0) time.Advance(TimeSpan.FromSeconds(random.Next(1, 4)));
            return true;
        }

        if (leader.LookAgainAt is not { } at) return false;
        time.SetUtcNow(at > time.GetUtcNow() ? at : time.GetUtcNow().AddSeconds(1));
        return true;
    }

    private async Task ReconcileAsync()
    {
        try
        {
            await leader.ReconcileAsync();
        }
        catch (CrashException)
        {
            Note("the operator dies");
            leader = NewLeader();
        }
    }

    private SimulatedOperator NewLeader()
    {
        SimulatedOperator? self = null;
        self = new SimulatedOperator(world, Job, time, () => ReferenceEquals(self, leader) || leader is null);
        self.Api.OnWrite = (before, what) =>
        {
            if (!before)
            {
                Note($"{what} → {Status["phase"]}");
                if (what == "POST statefulsets") acceptedSets++;
            }

            if (crashesLeft > 0 && random.Next(12) == 0)
            {
                crashesLeft--;
                throw new CrashException();
            }
        };
        return self;
    }

    private string? Verdict()
    {
        var phase = (string?)Status["phase"];
        // A gang that loses a pod fails, even when its trainer ends well while the gang is being removed and nobody sees it.
        var lost = plot.PodKilled && !killDue;
        if (cluster.Succeeded && !lost && phase != nameof(JobPhase.Succeeded)) return $"the trainer succeeded and the job is {phase}";
        if (!cluster.Succeeded && phase != nameof(JobPhase.Failed)) return $"the trainer did not succeed and the job is {phase}";
        if (phase is not (nameof(JobPhase.Succeeded) or nameof(JobPhase.Failed))) return $"the job is {phase} for ever";
        if (world.All(ApiResources.StatefulSets).Any()) return "a StatefulSet is left";
        if (world.All(ApiResources.Pods).Any(pod => (string?)pod["metadata"]!["labels"]![GrpoOperator.Training.Labels.Component] == "trainer")) return "a trainer pod is left";
        if (acceptedSets != 1) return $"{acceptedSets} StatefulSets were made";
        if ((int?)Status["attemptsUsed"] != 1) return $"{Status["attemptsUsed"]} attempts were counted";
        if (phase == nameof(JobPhase.Failed) && Status["attempts"]?[0]?["reason"] is null) return "a failed job does not say why";
        if (phase == nameof(JobPhase.Failed) && !lost && (int?)Status["attempts"]![0]!["exitCode"] != plot.ExitCode) return $"the exit code is {Status["attempts"]![0]!["exitCode"]}, not {plot.ExitCode}";
        return null;
    }

    private void Note(string what) => timeline.Append(time.GetUtcNow().ToString("HH:mm:ss ", System.Globalization.CultureInfo.InvariantCulture)).AppendLine(what);

    private const string JobJson =
        """
        {"apiVersion":"grpo-operator.dev/v1alpha1","kind":"GrpoTrainingJob","metadata":{"name":"math"},
         "spec":{"image":"registry.example/verl:1","verlVersion":"0.7.1","strategy":"Megatron",
          "model":{"path":"/weight/q","weights":"DistCheckpoint","distCheckpointPath":"/weight/q-dist"},
          "data":{"trainFiles":["/data/train.parquet"],"valFiles":["/data/test.parquet"],"trainBatchSize":32},
          "actor":{"ppoMiniBatchSize":32,"ppoMicroBatchSizePerNpu":1},
          "rollout":{"samplesPerPrompt":8,"logProbMicroBatchSizePerNpu":1},"reference":{"logProbMicroBatchSizePerNpu":1},
          "trainer":{"totalSteps":12},"workers":{"nodes":2},
          "volumes":[{"name":"w","emptyDir":{}},{"name":"d","emptyDir":{}}],
          "volumeMounts":[{"name":"w","mountPath":"/weight"},{"name":"d","mountPath":"/data"}]}}
        """;
}
