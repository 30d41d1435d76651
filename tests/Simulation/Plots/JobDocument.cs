using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Reconcile;
using GrpoOperator.Simulation.Server;

namespace GrpoOperator.Simulation.Plots;

/// <summary>The GrpoTrainingJob of a plot, as a user would write it.</summary>
internal static class JobDocument
{
    public const string Namespace = "team-a";

    public static JobObject Of(JobPlot plot, ApiServer server) => new()
    {
        Resource = Resources.TrainingJobs,
        Key = new NamespacedName(Namespace, plot.Name),
        Uid = server.NextUid(),
        CreatedAt = server.Clock.Now,
        Spec = Spec(plot),
    };

    private static JsonObject Spec(JobPlot plot)
    {
        var spec = JsonNode.Parse(
            """
            {"image":"registry.example/verl:1","verlVersion":"0.7.1","strategy":"Megatron",
             "model":{"path":"/weight/q","weights":"DistCheckpoint","distCheckpointPath":"/weight/q-dist"},
             "data":{"trainFiles":["/data/train.parquet"],"valFiles":["/data/test.parquet"],"trainBatchSize":32},
             "actor":{"ppoMiniBatchSize":32,"ppoMicroBatchSizePerNpu":1},
             "rollout":{"samplesPerPrompt":8,"logProbMicroBatchSizePerNpu":1},"reference":{"logProbMicroBatchSizePerNpu":1},
             "startupDeadlineSeconds":900,"firstStepDeadlineSeconds":600,
             "volumes":[{"name":"w","emptyDir":{}},{"name":"d","emptyDir":{}}],
             "volumeMounts":[{"name":"w","mountPath":"/weight"},{"name":"d","mountPath":"/data"}]}
            """)!.AsObject();
        spec["trainer"] = new JsonObject { ["totalSteps"] = plot.TotalSteps, ["saveFrequency"] = plot.CheckpointDir ? plot.SaveFrequency : -1, ["checkpointDir"] = plot.CheckpointDir ? "/data/checkpoints/" + plot.Name : null };
        spec["workers"] = new JsonObject { ["nodes"] = plot.Workers + 1 };
        spec["conversion"] = new JsonObject { ["retries"] = 2 };
        spec["cleanPodPolicy"] = plot.CleanPodPolicy;
        spec["failurePolicy"] = new JsonObject
        {
            ["maxRestarts"] = plot.MaxRestarts,
            ["minStepsToReset"] = plot.MinStepsToReset,
            ["holdSeconds"] = plot.HoldSeconds,
            ["backoff"] = new JsonObject { ["initialSeconds"] = 10, ["maxSeconds"] = 120 },
        };
        spec["scheduling"] = new JsonObject { ["gang"] = "Operator", ["gangTimeoutSeconds"] = 120, ["pendingDeadlineSeconds"] = plot.PendingDeadline };
        if (plot.TtlSeconds is { } ttl) spec["ttlSecondsAfterFinished"] = ttl;
        if (plot.ActiveDeadline is { } active) spec["activeDeadlineSeconds"] = active;
        if (plot.LaunchMode is { } mode) spec["launch"] = new JsonObject { ["mode"] = mode };
        return spec;
    }
}
