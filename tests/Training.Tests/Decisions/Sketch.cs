using GrpoOperator.Crds;

namespace GrpoOperator.Training.Tests.Decisions;

/// <summary>
/// A job drawn in words: starts as a valid job of two nodes that nobody has looked at, and is moved on by taking decisions
/// as if every write had succeeded and every cache had caught up.
/// </summary>
internal sealed class Sketch
{
    public const string Uid = "job-uid";
    public const string SetUid = "set-1";

    public static readonly DateTime Start = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private int jobs;

    public Observation Seen { get; private set; } = new()
    {
        Now = Start,
        Job = new ObservedTrainingJob
        {
            Namespace = "team-a",
            Name = "math",
            Uid = Uid,
            Generation = 1,
            CreationTime = Start,
            Spec = Spec(),
        },
    };

    public GrpoTrainingJobStatus Status => Seen.Job.Status;

    public static GrpoTrainingJobSpec Spec() => new()
    {
        Image = "registry.example/verl:1",
        VerlVersion = "0.7.1",
        Strategy = Strategy.Megatron,
        Model = new ModelSpec { Path = "/weight/Qwen3-30B-A3B", DistCheckpointPath = "/weight/Qwen3-30B-A3B-dist" },
        Data = new DataSpec { TrainFiles = ["/data/train.parquet"], ValFiles = ["/data/test.parquet"], TrainBatchSize = 16 },
        Actor = new ActorSpec { PpoMiniBatchSize = 16, PpoMicroBatchSizePerNpu = 1 },
        Rollout = new RolloutSpec { SamplesPerPrompt = 8, LogProbMicroBatchSizePerNpu = 1 },
        Trainer = new TrainerSpec { TotalSteps = 12 },
        Workers = new WorkersSpec { Nodes = 2 },
        Volumes = [Crds.Yaml.KubectlYaml.ReadSingle("{name: files, persistentVolumeClaim: {claimName: files}}").Root],
        VolumeMounts = [Crds.Yaml.KubectlYaml.ReadSingle("{name: files, mountPath: /weight}").Root, Crds.Yaml.KubectlYaml.ReadSingle("{name: files, mountPath: /data}").Root],
    };

    public Sketch With(Func<Observation, Observation> change)
    {
        Seen = change(Seen);
        return this;
    }

    public Sketch WithSpec(Func<GrpoTrainingJobSpec, GrpoTrainingJobSpec> change) =>
        With(seen => seen with { Job = seen.Job with { Spec = change(seen.Job.Spec!), Generation = seen.Job.Generation + 1 } });

    public Sketch WithStatus(Func<GrpoTrainingJobStatus, GrpoTrainingJobStatus> change) =>
        With(seen => seen with { Job = seen.Job with { Status = change(seen.Job.Status) } });

    public Sketch After(double seconds) => With(seen => seen with { Now = seen.Now.AddSeconds(seconds) });

    /// <summary>Decides, and lets the world be as the decision wants it.</summary>
    public Decision Decide()
    {
        var decision = Training.Decide.For(Seen);
        WithStatus(_ => decision.Status);
        foreach (var act in decision.Acts) Apply(act);
        return decision;
    }

    public Sketch WithJobEnd(ChildKind kind, string? message, int exitCode = 0, string? reason = null)
    {
        var job = Seen.BatchJobs[kind];
        return With(seen => seen with
        {
            BatchJobs = new Dictionary<ChildKind, ObservedBatchJob>(seen.BatchJobs)
            {
                [kind] = job with { Outcome = exitCode == 0 ? BatchJobOutcome.Complete : BatchJobOutcome.Failed },
            },
            Pods =
            [
                .. seen.Pods,
                new ObservedPod
                {
                    Name = $"{Names.Of(kind, "math")}-x1y2z",
                    Uid = $"pod-of-{job.Uid}",
                    Owner = new ObservedOwner("Job", Names.Of(kind, "math"), job.Uid),
                    Incarnation = job.Incarnation,
                    Node = "node-1",
                    Phase = exitCode == 0 ? "Succeeded" : "Failed",
                    Main = new ObservedContainer { Ended = new ContainerEnd(exitCode, reason ?? (exitCode == 0 ? "Completed" : "Error"), message, seen.Now, seen.Now) },
                },
            ],
        });
    }

    /// <summary>Two trainer pods, bound to two nodes, as the StatefulSet's controller and the scheduler make them.</summary>
    public Sketch WithTrainers(bool bound = true) => With(seen => seen with { Pods = [.. seen.Pods.Where(pod => pod.Ordinal < 0), Trainer(0, bound), Trainer(1, bound)] });

    public ObservedPod Trainer(int ordinal, bool bound = true, string? uid = null) => new()
    {
        Name = $"math-{ordinal}",
        Uid = uid ?? $"pod-{ordinal}",
        Owner = new ObservedOwner("StatefulSet", "math", Seen.StatefulSet?.Uid ?? SetUid),
        Incarnation = Status.Incarnation,
        Node = bound ? $"node-{ordinal + 1}" : null,
        Phase = bound ? "Running" : "Pending",
        Scheduled = bound ? new ObservedCondition(true, null, null, Seen.Now) : new ObservedCondition(false, "Unschedulable", "0/2 nodes are available: 2 Insufficient huawei.com/Ascend910.", Seen.Now),
        Main = bound ? new ObservedContainer { Running = true, StartedAt = Seen.Now } : null,
    };

    public Sketch ChangePod(int ordinal, Func<ObservedPod, ObservedPod> change) =>
        With(seen => seen with { Pods = [.. seen.Pods.Select(pod => pod.Ordinal == ordinal ? change(pod) : pod)] });

    public Sketch Ready(int ordinal) => ChangePod(ordinal, pod => pod with { Ready = new ObservedCondition(true, null, null, Seen.Now) });

    /// <summary>A trainer's container ended and was started again to idle, as a StatefulSet's pods always are.</summary>
    public Sketch Ended(int ordinal, int exitCode, string? message, string? reason = null) => ChangePod(ordinal, pod => pod with
    {
        Main = new ObservedContainer { Running = true, Restarts = 1, EndedBefore = new ContainerEnd(exitCode, reason ?? (exitCode == 0 ? "Completed" : "Error"), message, Seen.Now, Seen.Now) },
    });

    /// <summary>Lets the job live up to a phase: nothing to prepare or convert on the way.</summary>
    public static Sketch At(JobPhase phase)
    {
        var sketch = new Sketch();
        sketch.Decide();
        sketch.WithJobEnd(ChildKind.InspectionJob, Inspection());
        sketch.Decide();
        if (phase == JobPhase.Pending) return sketch;
        sketch.Decide();
        sketch.WithTrainers().Decide();
        if (phase == JobPhase.Starting) return sketch;
        sketch.Ready(0).Ready(1).After(3).Decide();
        if (phase == JobPhase.Running) return sketch;
        throw new ArgumentOutOfRangeException(nameof(phase), phase, message: null);
    }

    /// <summary>The same sketch after something was done with it.</summary>
    public Sketch Moved(Action<Sketch> how)
    {
        how(this);
        return this;
    }

    /// <summary>A node; the default is one that could run the job.</summary>
    public Sketch WithNode(string name, bool? ready = true, double since = -1000) => With(seen => seen with
    {
        Cluster = seen.Cluster with { NodeAccess = true },
        Nodes = new Dictionary<string, ObservedNode>(seen.Nodes)
        {
            [name] = new ObservedNode { Name = name, Ready = ready, ReadySince = seen.Now.AddSeconds(since), Allocatable = new Dictionary<string, long> { ["huawei.com/Ascend910"] = 16 } },
        },
    });

    /// <summary>The gang's pods are gone, and the API server says so.</summary>
    public Sketch PodsGone() =>
        With(seen => seen with { Pods = [.. seen.Pods.Where(pod => pod.Ordinal < 0)] }).With(seen => seen with { Answers = seen.Answers with { Pods = new PodsAnswer(seen.Now, []) } });

    /// <summary>What runs fails, and is taken to the write that makes the failure final.</summary>
    public Sketch ToTheEnd()
    {
        Decide();
        After(10).PodsGone().Decide();
        return this;
    }

    /// <summary>Rank 0's console as read up to now.</summary>
    public Sketch Console(int? step = null, int total = 12, double covered = -100000, int? resumedFrom = null, int? saved = null) => With(seen => seen with
    {
        Console = new ConsoleReading
        {
            PodUid = seen.Pods.Single(pod => pod.Ordinal == 0).Uid,
            Last = step is { } n ? new StepLine(n, new Dictionary<string, double> { ["critic/rewards/mean"] = 0.5 }) : null,
            TotalSteps = total,
            LastStepAt = step is null ? null : seen.Now,
            ResumedFromStep = resumedFrom,
            LastCheckpointStep = saved,
            CoveredFrom = seen.Now.AddSeconds(covered),
            CoveredUntil = seen.Now,
        },
    });

    /// <summary>The same console read again now, with nothing new in it.</summary>
    public Sketch ReadAgain() => With(seen => seen with { Console = seen.Console! with { CoveredUntil = seen.Now } });

    /// <summary>From a restart's last write to the next incarnation running.</summary>
    public Sketch RunsAgain()
    {
        if (Status.NextRetryTime is { } at) With(seen => seen with { Now = at });
        With(seen => seen with { Answers = seen.Answers with { Pods = new PodsAnswer(seen.Now, []) } }).Decide();
        With(seen => seen with { Pods = [.. seen.Pods.Where(pod => pod.Ordinal < 0), Trainer(0, uid: $"pod-0-{Status.Incarnation}"), Trainer(1, uid: $"pod-1-{Status.Incarnation}")] }).Decide();
        Ready(0).Ready(1).After(3).Decide();
        return this;
    }

    public static string Inspection(string weights = "Complete", string data = "Present", string findings = "") =>
        $$"""{"v":1,"kind":"inspection","node":"node-1","model":{"type":"qwen3_moe","layers":48,"experts":128},"weights":"{{weights}}","data":"{{data}}","trainRows":7473,"valRows":1319,"findings":[{{findings}}]}""";

    public static string Verdict(string code, int exit, int? step = null, int incarnation = 1, string message = "said so", string log = "") =>
        $$"""{"v":1,"code":"{{code}}","step":{{step?.ToString() ?? "null"}},"launched":true,"exit":{{exit}},"rank":0,"attempt":1,"incarnation":{{incarnation}},"message":"{{message}}","log":"{{log}}"}""";

    private void Apply(Act act)
    {
        switch (act)
        {
            case Act.Create { Child: ChildKind.StatefulSet }:
                With(seen => seen with { StatefulSet = new ObservedStatefulSet($"set-{Status.Incarnation}", Status.Incarnation, Sealed: false, Deleting: false) });
                break;
            case Act.Create { Child: ChildKind.LaunchConfig } create:
                With(seen => seen with { LaunchConfig = new ObservedConfigMap("config-1", (string?)create.Body["metadata"]?["annotations"]?[Labels.ContentHash], Deleting: false) });
                break;
            case Act.Create { Child: ChildKind.Service }:
                With(seen => seen with { Service = new ObservedService("service-1", Status.Incarnation) });
                break;
            case Act.Create { Child: ChildKind.NetworkPolicy }:
                With(seen => seen with { NetworkPolicyExists = true });
                break;
            case Act.CreatePodGroup group:
                With(seen => seen with { Answers = seen.Answers with { PodGroup = new PodGroupAnswer(group.StatefulSetUid) } });
                break;
            case Act.Create create:
                var @try = (string?)create.Body["metadata"]?["annotations"]?[Labels.Try];
                var batch = new ObservedBatchJob { Uid = $"{create.Child}-{++jobs}", Incarnation = Status.Incarnation, Try = @try };
                With(seen => seen with { BatchJobs = new Dictionary<ChildKind, ObservedBatchJob>(seen.BatchJobs) { [create.Child] = batch } });
                break;
            case Act.Delete { Child: ChildKind.StatefulSet }:
                With(seen => seen with { StatefulSet = null });
                break;
            case Act.Delete delete:
                With(seen => seen with { BatchJobs = seen.BatchJobs.Where(pair => pair.Key != delete.Child).ToDictionary() });
                break;
            case Act.Seal:
                With(seen => seen with { StatefulSet = seen.StatefulSet! with { Sealed = true } });
                break;
            case Act.PointService point:
                With(seen => seen with { Service = seen.Service! with { SelectedIncarnation = point.Incarnation } });
                break;
            case Act.ForceDeletePod pod:
                With(seen => seen with { Pods = [.. seen.Pods.Where(other => other.Uid != pod.Uid)] });
                break;
            case Act.DeleteJob:
                With(seen => seen with { Job = seen.Job with { Deleting = true } });
                break;
            case Act.ReplaceConfigMap replace:
                With(seen => seen with { LaunchConfig = new ObservedConfigMap("config-2", (string?)replace.Body["metadata"]?["annotations"]?[Labels.ContentHash], Deleting: false) });
                break;
            default:
                throw new InvalidOperationException($"The sketch does not know {act}.");
        }
    }
}
