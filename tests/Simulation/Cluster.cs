using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Training;

namespace GrpoOperator.Simulation;

/// <summary>How the trainer of a history ends.</summary>
internal sealed record Plot(bool Fails, int FailingRank, int ExitCode, bool ConvertedAlready, bool PodKilled);

/// <summary>
/// The rest of Kubernetes, one small step at a time: StatefulSet and Job controllers, garbage collector, scheduler,
/// kubelets, and in the containers a launcher that keeps the real one's promises (sealed pods idle; a worker joins once).
/// </summary>
internal sealed class Cluster(World world, Plot plot)
{
    private const int HeadGone = 90;

    /// <summary>Which head a worker joined; a worker that lost its head never joins another.</summary>
    private readonly Dictionary<string, string> joined = [];

    /// <summary>Uid of each rank-0 pod whose trainer was started, in order.</summary>
    public List<string> Trainings { get; } = [];

    /// <summary>Set when a trainer ended with success.</summary>
    public bool Succeeded { get; private set; }

    /// <summary>Every step that could be taken now.</summary>
    public List<Action> Steps()
    {
        var steps = new List<Action>();
        foreach (var set in world.All(ApiResources.StatefulSets)) AddMissingPods(set, steps);
        foreach (var job in world.All(ApiResources.Jobs)) AddJobSteps(job, steps);
        foreach (var pod in world.All(ApiResources.Pods)) AddPodSteps(pod, steps);
        return steps;
    }

    /// <summary>Somebody deletes a trainer pod.</summary>
    public void KillPod(Random random)
    {
        var trainers = world.All(ApiResources.Pods).Where(pod => Component(pod) == "trainer" && pod["metadata"]!["deletionTimestamp"] is null).ToArray();
        if (trainers.Length > 0) world.Delete(ApiResources.Pods, World.NameOf(trainers[random.Next(trainers.Length)]), uid: null);
    }

    private void AddMissingPods(JsonObject set, List<Action> steps)
    {
        var name = World.NameOf(set);
        for (var ordinal = 0; ordinal < (int)set["spec"]!["replicas"]!; ordinal++)
        {
            var pod = $"{name.Name}-{ordinal}";
            if (world.Find(ApiResources.Pods, new NamespacedName(name.Namespace, pod)) is null) steps.Add(() => MakePod(set, "StatefulSet", pod));
        }
    }

    private void AddJobSteps(JsonObject job, List<Action> steps)
    {
        var name = World.NameOf(job);
        var pod = world.All(ApiResources.Pods).FirstOrDefault(pod => World.OwnerUid(pod) == World.Uid(job));
        if (job["status"]?["conditions"] is not null) return;
        if (pod is null) steps.Add(() => MakePod(job, "Job", $"{name.Name}-{World.Uid(job)}"));
        else if ((string?)pod["status"]!["phase"] is "Succeeded" or "Failed")
            steps.Add(() => world.Change(ApiResources.Jobs, job, o => o["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Complete", ["status"] = "True" }) }));
    }

    private void AddPodSteps(JsonObject pod, List<Action> steps)
    {
        var owner = World.OwnerUid(pod);
        var owned = world.All(ApiResources.StatefulSets).Concat(world.All(ApiResources.Jobs)).Any(o => World.Uid(o) == owner);
        if (pod["metadata"]!["deletionTimestamp"] is not null)
        {
            steps.Add(() => End(pod));
            return;
        }

        if (!owned) steps.Add(() => world.Delete(ApiResources.Pods, World.NameOf(pod), World.Uid(pod)));
        if (pod["spec"]!["nodeName"] is null) steps.Add(() => world.Change(ApiResources.Pods, pod, o => o["spec"]!["nodeName"] = "node-" + (char)('a' + (World.Uid(o)[^1] % 2))));
        else if (State(pod) is null) steps.Add(() => Start(pod));
        else if (State(pod)!["running"] is not null) AddRunningSteps(pod, steps);
    }

    private void AddRunningSteps(JsonObject pod, List<Action> steps)
    {
        if (Component(pod) != "trainer")
        {
            steps.Add(() => Finish(pod, 0, Result(Component(pod)), "Succeeded"));
            return;
        }

        if (Sealed(pod) || pod["status"]!["containerStatuses"]![0]!["lastState"] is not null) return;
        var rank = World.NameOf(pod).Name[^1] - '0';
        var training = Trainings.Contains(Rank0(pod) is { } head ? World.Uid(head) : string.Empty);
        if (rank != 0)
        {
            if (joined.TryGetValue(World.Uid(pod), out var lost) && Gang(pod).All(member => World.Uid(member) != lost))
                steps.Add(() => Restart(pod, HeadGone, Verdict(pod, "HeadGone", HeadGone)));
            if (Rank0(pod) is { } joins && !joined.ContainsKey(World.Uid(pod)) && !training && !Sealed(joins)) steps.Add(() => Join(pod, joins));
            if (training && plot is { Fails: true, FailingRank: 1 } && joined.ContainsKey(World.Uid(pod))) steps.Add(() => Restart(pod, plot.ExitCode, Verdict(pod, "TrainerFailed", plot.ExitCode)));
            return;
        }

        if (!training && Gang(pod).All(member => member == pod || joined.GetValueOrDefault(World.Uid(member)) == World.Uid(pod)) && Gang(pod).Count() == 2) steps.Add(() => Launch(pod));
        if (!training) return;
        if (Gang(pod).All(member => joined.GetValueOrDefault(World.Uid(member)) != World.Uid(pod)))
        {
            // Ray's actors on the lost worker died, and the trainer with them.
            steps.Add(() => Restart(pod, 1, Verdict(pod, "TrainerFailed", 1, "ActorDied")));
            return;
        }

        if (!plot.Fails) steps.Add(() => { Succeeded = true; Restart(pod, 0, Verdict(pod, "Succeeded", 0)); });
        else if (plot.FailingRank == 0) steps.Add(() => Restart(pod, plot.ExitCode, Verdict(pod, "TrainerFailed", plot.ExitCode)));
    }

    private JsonObject? Rank0(JsonObject pod) => Gang(pod).FirstOrDefault(member => World.NameOf(member).Name.EndsWith("-0", StringComparison.Ordinal));

    private IEnumerable<JsonObject> Gang(JsonObject pod) =>
        world.All(ApiResources.Pods).Where(other => World.OwnerUid(other) == World.OwnerUid(pod) && State(other)?["running"] is not null && !Sealed(other)
            && other["metadata"]!["deletionTimestamp"] is null && other["status"]!["containerStatuses"]![0]!["lastState"] is null);

    private void MakePod(JsonObject owner, string kind, string name)
    {
        var template = owner["spec"]!["template"]!;
        var metadata = (JsonObject)template["metadata"]!.DeepClone();
        metadata["name"] = name;
        metadata["ownerReferences"] = new JsonArray(new JsonObject { ["kind"] = kind, ["name"] = World.NameOf(owner).Name, ["uid"] = World.Uid(owner), ["controller"] = true });
        world.Create(ApiResources.Pods, World.NameOf(owner).Namespace, new JsonObject
        {
            ["metadata"] = metadata,
            ["spec"] = template["spec"]!.DeepClone(),
            ["status"] = new JsonObject { ["phase"] = "Pending" },
        });
    }

    private void Start(JsonObject pod) => world.Change(ApiResources.Pods, pod, o => o["status"] = new JsonObject
    {
        ["phase"] = "Running",
        ["containerStatuses"] = new JsonArray(new JsonObject { ["name"] = Component(o), ["restartCount"] = 0, ["state"] = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = world.Time() } } }),
    });

    private void Join(JsonObject pod, JsonObject head)
    {
        joined[World.Uid(pod)] = World.Uid(head);
        Ready(pod);
    }

    private void Launch(JsonObject pod)
    {
        Trainings.Add(World.Uid(pod));
        Ready(pod);
    }

    private void Ready(JsonObject pod) => world.Change(ApiResources.Pods, pod, o =>
        o["status"]!["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True", ["lastTransitionTime"] = world.Time() }));

    /// <summary>A Job's container ends for good.</summary>
    private void Finish(JsonObject pod, int exitCode, string message, string phase) => world.Change(ApiResources.Pods, pod, o =>
    {
        o["status"]!["phase"] = phase;
        o["status"]!["containerStatuses"]![0]!["state"] = Terminated(exitCode, message);
    });

    /// <summary>A StatefulSet's container ends and is started again, to idle.</summary>
    private void Restart(JsonObject pod, int exitCode, string message) => world.Change(ApiResources.Pods, pod, o =>
    {
        var status = o["status"]!["containerStatuses"]![0]!.AsObject();
        status["lastState"] = Terminated(exitCode, message);
        status["restartCount"] = 1;
        o["status"]!["conditions"] = null;
    });

    /// <summary>The kubelet confirms that a deleted pod is gone.</summary>
    private void End(JsonObject pod) => world.Delete(ApiResources.Pods, World.NameOf(pod), World.Uid(pod), force: true);

    private JsonObject Terminated(int exitCode, string message) => new()
    {
        ["terminated"] = new JsonObject { ["exitCode"] = exitCode, ["reason"] = exitCode == 0 ? "Completed" : "Error", ["message"] = message, ["finishedAt"] = world.Time() },
    };

    private string Result(string component) => component switch
    {
        "inspector" => $$"""{"v":1,"kind":"inspection","node":"node-a","weights":"{{(plot.ConvertedAlready ? "Complete" : "Absent")}}","data":"Present","findings":[]}""",
        "converter" => """{"v":1,"kind":"conversion","code":"Converted","message":"done"}""",
        _ => """{"v":1,"kind":"data","code":"Prepared","message":"done"}""",
    };

    private static string Verdict(JsonObject pod, string code, int exit, string? signature = null) =>
        $$"""{"v":1,"code":"{{code}}","step":12,"launched":true,"exit":{{exit}},"rank":0,"attempt":1,"incarnation":{{pod["metadata"]!["labels"]![Labels.Incarnation]}},"message":"m","signature":{{(signature is null ? "null" : $"\"{signature}\"")}}}""";

    private static string Component(JsonObject pod) => (string)pod["metadata"]!["labels"]![Labels.Component]!;

    private static JsonNode? State(JsonObject pod) => pod["status"]?["containerStatuses"]?[0]?["state"];

    private static bool Sealed(JsonObject pod) => pod["spec"]!["containers"]![0]!["env"]!.AsArray().Any(e => (string?)e!["name"] == "GRPO_SEALED");
}
