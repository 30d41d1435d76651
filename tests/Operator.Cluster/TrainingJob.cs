using System.Text.Json;
using System.Text.Json.Nodes;
using GrpoOperator.Crds;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Reconcile;

namespace GrpoOperator.Operator.Cluster;

/// <summary>A job in the cluster, and what becomes of it.</summary>
internal sealed class TrainingJob(TestNamespace @namespace, string name)
{
    /// <summary>How long anything of a small job may take on a machine that has other things to do.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public string Name => name;

    public string Namespace => @namespace.Name;

    /// <summary>Applies a job.</summary>
    public static async Task<TrainingJob> CreateAsync(TestNamespace @namespace, JsonObject job)
    {
        await Kube.CreateAsync(Resources.TrainingJobs, @namespace.Name, job);
        return new TrainingJob(@namespace, Kube.Text(job, "metadata", "name")!);
    }

    /// <summary>The whole object, or null.</summary>
    public Task<JsonObject?> ObjectAsync() => Kube.GetAsync(Resources.TrainingJobs, Namespace, name);

    /// <summary>The status as the operator's model reads it; empty before the first write.</summary>
    public async Task<GrpoTrainingJobStatus> StatusAsync() =>
        (await ObjectAsync())?["status"]?.Deserialize(CrdJsonContext.Default.GrpoTrainingJobStatus) ?? new GrpoTrainingJobStatus();

    /// <summary>Waits until the status is as wanted. A job that ended otherwise fails at once, with its message.</summary>
    public Task<GrpoTrainingJobStatus> SeesAsync(string what, Func<GrpoTrainingJobStatus, bool> wanted, TimeSpan? within = null) => Eventually.SeeAsync(
        async () =>
        {
            var status = await StatusAsync();
            if (wanted(status)) return status;
            if (status.Phase is JobPhase.Succeeded or JobPhase.Failed) Assert.Fail($"{name} ended as {status.Phase} before {what}\n{await DescribeAsync()}");
            return null;
        },
        within ?? Patience, $"{name}: {what}", DescribeAsync);

    /// <summary>Waits for a phase.</summary>
    public Task<GrpoTrainingJobStatus> ReachesAsync(JobPhase phase, TimeSpan? within = null) => SeesAsync($"phase {phase}", status => status.Phase == phase, within);

    /// <summary>Changes the spec by a merge patch, as <c>kubectl patch --type=merge</c> does.</summary>
    /// <param name="patch">The inside of a YAML flow mapping.</param>
    public Task ChangeSpecAsync(string patch) => Kube.PatchAsync(Resources.TrainingJobs, Namespace, name, Samples.Yaml($"spec: {{{patch}}}")!);

    /// <summary>Waits until a condition has a reason.</summary>
    public async Task<Condition> SaysAsync(string type, string reason, TimeSpan? within = null)
    {
        var status = await SeesAsync($"condition {type} with reason {reason}", status => status.Conditions.Any(condition => condition.Type == type && condition.Reason == reason), within);
        return status.Conditions.Single(condition => condition.Type == type);
    }

    /// <summary>Waits for an event about the job.</summary>
    /// <returns>Its message.</returns>
    public async Task<string> TellsAsync(string reason, TimeSpan? within = null)
    {
        var found = await Eventually.SeeAsync(
            async () => (await Kube.ListAsync(ApiResources.Events, Namespace, fields: $"involvedObject.kind=GrpoTrainingJob,involvedObject.name={name},reason={reason}")) is [var first, ..] ? first : null,
            within ?? TimeSpan.FromSeconds(30), $"{name}: an event with reason {reason}", DescribeAsync);
        return Kube.Text(found, "message")!;
    }

    /// <summary>Whether a pod's first container runs.</summary>
    public static bool IsRunning(JsonObject pod) => Kube.At(pod, "status", "containerStatuses") is JsonArray { Count: > 0 } containers && Kube.At(containers[0], "state", "running") is not null;

    public Task<IReadOnlyList<JsonObject>> PodsAsync(string component = "trainer") =>
        Kube.ListAsync(ApiResources.Pods, Namespace, $"grpo-operator.dev/job={name},app.kubernetes.io/component={component}");

    /// <summary>Waits until no pod of the job is left.</summary>
    public Task LosesItsTrainersAsync() =>
        Eventually.BeTrueAsync(async () => (await PodsAsync()).Count == 0, Patience, $"{name}: no trainer pod is left", DescribeAsync);

    public Task DeleteAsync() => Kube.DeleteAsync(Resources.TrainingJobs, Namespace, name);

    /// <summary>What a person would look at.</summary>
    public async Task<string> DescribeAsync()
    {
        var status = (await ObjectAsync())?["status"]?.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
        var pods = await TestCluster.KubectlAsync("get", "pods,events", "-n", Namespace, "-o", "wide");
        return $"{status}\n{pods}\n{OperatorProcess.LogsOf(Namespace)}";
    }
}
