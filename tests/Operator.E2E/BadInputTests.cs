using System.Text.Json.Nodes;
using GrpoOperator.Crds;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.E2E;

/// <summary>
/// What users and clusters get wrong: each gives a condition, an event and a message that name it, and heals by itself
/// once it is put right. (Objects that can't be decoded: see the integration tests.)
/// </summary>
public sealed class BadInputTests
{
    /// <summary>Nothing before the StatefulSet: for what goes wrong there.</summary>
    private const string StraightToTheGang = "spec: {inspection: {policy: Skip}, data: {prepare: null}}";

    private const double Hurry = 0.1;

    [ClusterFact]
    public async Task A_claim_that_is_missing_is_named_and_the_job_starts_when_it_comes()
    {
        await using var @namespace = await TestNamespace.CreateAsync("claim");
        await @namespace.MakeInputsAsync();
        await using var @operator = await OperatorProcess.StartAsync(@namespace, timeScale: Hurry);
        await Kube.DeleteAsync(ApiResources.PersistentVolumeClaims, @namespace.Name, "data");
        await Eventually.BeTrueAsync(async () => await Kube.GetAsync(ApiResources.PersistentVolumeClaims, @namespace.Name, "data") is null, TimeSpan.FromSeconds(30), "the claim is gone");
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Small("claimless", 1));
        var condition = await job.SaysAsync(ConditionTypes.Inspected, Reasons.ClaimMissing);
        Assert.Contains("persistentvolumeclaim \"data\" not found", condition.Message, StringComparison.Ordinal);
        Assert.Contains("\"data\" not found", await job.TellsAsync(Reasons.ClaimMissing), StringComparison.Ordinal);

        await TestCluster.CommandAsync("volumes", @namespace.Name);
        await job.SaysAsync(ConditionTypes.Inspected, Reasons.InspectionPassed);
    }

    [ClusterFact]
    public async Task An_image_that_cannot_be_pulled_is_named()
    {
        await using var @namespace = await TestNamespace.CreateAsync("image");
        await using var @operator = await OperatorProcess.StartAsync(@namespace, timeScale: Hurry);
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Small("imageless", 1, "spec: {image: 'registry.invalid/verl:nowhere'}"));
        var condition = await job.SaysAsync(ConditionTypes.Inspected, Reasons.ImagePullFailed);
        Assert.Contains("registry.invalid/verl:nowhere", condition.Message, StringComparison.Ordinal);
        Assert.Matches("on node node-[12]", condition.Message);
        Assert.Contains("registry.invalid", await job.TellsAsync(Reasons.ImagePullFailed), StringComparison.Ordinal);
    }

    [ClusterFact]
    public async Task Somebody_elses_ConfigMap_is_left_alone_and_named()
    {
        await using var @namespace = await TestNamespace.CreateAsync("taken-map", volumes: false);
        await using var @operator = await OperatorProcess.StartAsync(@namespace, timeScale: Hurry);
        await ForeignAsync(ApiResources.ConfigMaps, @namespace, "taken-launch", """{"data": {"theirs": "yes"}}""");
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Small("taken", 1, StraightToTheGang));
        var condition = await job.SaysAsync(ConditionTypes.Inspected, Reasons.ChildNameConflict);
        Assert.Contains("ConfigMap taken-launch", condition.Message, StringComparison.Ordinal);
        Assert.Contains("taken-launch", await job.TellsAsync(Reasons.ChildNameConflict), StringComparison.Ordinal);
        Assert.Equal("yes", Kube.Text(await Kube.GetAsync(ApiResources.ConfigMaps, @namespace.Name, "taken-launch"), "data", "theirs"));

        await Kube.DeleteAsync(ApiResources.ConfigMaps, @namespace.Name, "taken-launch");
        await job.SeesAsync("its ConfigMap is made", status => status.CurrentAttempt is not null);
    }

    [ClusterFact]
    public async Task Somebody_elses_StatefulSet_is_left_alone_and_named()
    {
        await using var @namespace = await TestNamespace.CreateAsync("taken-set");
        await using var @operator = await OperatorProcess.StartAsync(@namespace, timeScale: Hurry);
        var theirs = await ForeignAsync(ApiResources.StatefulSets, @namespace, "taken", """
            {"spec": {"replicas": 0, "serviceName": "x", "selector": {"matchLabels": {"a": "b"}},
             "template": {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "x"}]}}}}
            """);
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Small("taken", 1, StraightToTheGang));
        var condition = await job.SaysAsync(ConditionTypes.PodsScheduled, Reasons.ChildNameConflict);
        Assert.Contains("StatefulSet taken", condition.Message, StringComparison.Ordinal);
        await job.TellsAsync(Reasons.ChildNameConflict);
        var still = await Kube.GetAsync(ApiResources.StatefulSets, @namespace.Name, "taken");
        Assert.Equal(Kube.Text(theirs, "metadata", "uid"), Kube.Text(still, "metadata", "uid"));

        await job.DeleteAsync();
        await Eventually.BeTrueAsync(async () => await Kube.GetAsync(ApiResources.Services, @namespace.Name, "taken") is null, TimeSpan.FromSeconds(30), "the job's own children go with it");
        Assert.NotNull(await Kube.GetAsync(ApiResources.StatefulSets, @namespace.Name, "taken"));
    }

    [ClusterFact]
    public async Task A_missing_right_is_named_and_the_job_goes_on_when_it_is_given()
    {
        await using var @namespace = await TestNamespace.CreateAsync("forbidden");
        var role = new ApiResource("rbac.authorization.k8s.io", "v1", "roles", "Role");
        var rights = (await Kube.GetAsync(role, @namespace.Name, "grpo-operator"))!["rules"]!.AsArray();
        var fewer = rights.DeepClone().AsArray();
        var sets = fewer.Single(rule => rule!["resources"]!.AsArray().Any(resource => resource!.ToString() == "statefulsets"))!;
        sets["verbs"] = new JsonArray("get", "list", "watch", "patch", "delete");
        await Kube.PatchAsync(role, @namespace.Name, "grpo-operator", new JsonObject { ["rules"] = fewer });
        await using var @operator = await OperatorProcess.StartAsync(@namespace, timeScale: Hurry);

        var job = await TrainingJob.CreateAsync(@namespace, Samples.Small("powerless", 1, StraightToTheGang));
        var condition = await job.SaysAsync(ConditionTypes.PodsScheduled, Reasons.Forbidden);
        Assert.Contains("StatefulSet powerless", condition.Message, StringComparison.Ordinal);
        Assert.Contains("cannot create resource \"statefulsets\"", condition.Message, StringComparison.Ordinal);
        Assert.Contains("statefulsets", await job.TellsAsync(Reasons.Forbidden), StringComparison.Ordinal);

        await Kube.PatchAsync(role, @namespace.Name, "grpo-operator", new JsonObject { ["rules"] = rights.DeepClone() });
        await job.SeesAsync("its StatefulSet is made", status => status.CurrentAttempt?.StatefulSetUID is not null);
    }

    [ClusterFact]
    public Task A_quota_that_refuses_the_StatefulSet_is_named() => QuotaIsNamedAsync("quota", "count/statefulsets.apps", "0", "poor", Reasons.QuotaExceeded);

    [ClusterFact]
    public Task A_quota_that_refuses_the_pods_is_named() => QuotaIsNamedAsync("pod-quota", "requests.huawei.com/Ascend910", "1", "podless", Reasons.PodsRefused);

    [ClusterFact]
    public async Task A_model_path_that_is_not_there_makes_the_job_Invalid_until_it_appears()
    {
        await using var @namespace = await TestNamespace.CreateAsync("model");
        await using var @operator = await OperatorProcess.StartAsync(@namespace, timeScale: Hurry);
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Small("modelless", 1, "spec: {data: {prepare: {rawPath: /data}}}"));
        var condition = await job.SaysAsync(ConditionTypes.Inspected, "ModelPathNotFound");
        Assert.Equal(JobPhase.Invalid, (await job.StatusAsync()).Phase);
        Assert.Contains("/weight/Qwen3-30B-A3B", condition.Message, StringComparison.Ordinal);
        Assert.Contains("/weight/Qwen3-30B-A3B", await job.TellsAsync("ModelPathNotFound"), StringComparison.Ordinal);
        Assert.Empty(await Kube.ListAsync(ApiResources.StatefulSets, @namespace.Name));

        await @namespace.MakeInputsAsync();
        // Nobody touches the job: its own retry finds the model.
        await job.SaysAsync(ConditionTypes.Inspected, Reasons.InspectionPassed);
        await job.SeesAsync("it goes on", status => status.Phase != JobPhase.Invalid);
    }

    [ClusterFact]
    public async Task A_good_job_beside_broken_ones_succeeds()
    {
        await using var @namespace = await TestNamespace.CreateAsync("beside");
        await @namespace.MakeInputsAsync();
        await ForeignAsync(ApiResources.ConfigMaps, @namespace, "taken-launch", "{}");
        await using var @operator = await OperatorProcess.StartAsync(@namespace, timeScale: Hurry);
        using var npus = await Npus.ReserveAsync(nodes: 1, each: 2);
        var imageless = await TrainingJob.CreateAsync(@namespace, Samples.Small("imageless", 1, "spec: {image: 'registry.invalid/verl:nowhere'}"));
        var taken = await TrainingJob.CreateAsync(@namespace, Samples.Small("taken", 1));
        var wrong = await TrainingJob.CreateAsync(@namespace, Samples.Small("wrong", 1, "spec: {data: {trainBatchSize: 16}, actor: {ppoMiniBatchSize: 48}}"));
        await imageless.SaysAsync(ConditionTypes.Inspected, Reasons.ImagePullFailed);
        await taken.SaysAsync(ConditionTypes.Inspected, Reasons.ChildNameConflict);
        var refused = await wrong.ReachesAsync(JobPhase.Invalid);
        Assert.Contains("ppoMiniBatchSize", refused.Conditions.Single(condition => condition.Type == ConditionTypes.Valid).Message, StringComparison.Ordinal);
        Assert.Equal(["imageless-inspect"], (await Kube.ListAsync(ApiResources.Jobs, @namespace.Name)).Select(job => Kube.Text(job, "metadata", "name")));

        var good = await TrainingJob.CreateAsync(@namespace, Samples.Small("good", 2));
        await good.ReachesAsync(JobPhase.Succeeded);
    }

    private static Task<JsonObject> ForeignAsync(ApiResource resource, TestNamespace @namespace, string name, string body)
    {
        var made = JsonNode.Parse(body)!.AsObject();
        made["apiVersion"] = resource.ApiVersion;
        made["kind"] = resource.Kind;
        made["metadata"] = new JsonObject { ["name"] = name };
        return Kube.CreateAsync(resource, @namespace.Name, made);
    }

    /// <summary>A gang that a quota keeps from being made says so in its condition and in an event, with the quota's name.</summary>
    private static async Task QuotaIsNamedAsync(string purpose, string resource, string hard, string name, string reason)
    {
        await using var @namespace = await TestNamespace.CreateAsync(purpose);
        await QuotaAsync(@namespace, resource, hard);
        await using var @operator = await OperatorProcess.StartAsync(@namespace, timeScale: Hurry);
        var job = await TrainingJob.CreateAsync(@namespace, Samples.Small(name, 1, StraightToTheGang));
        var condition = await job.SaysAsync(ConditionTypes.PodsScheduled, reason);
        Assert.Contains("exceeded quota: small", condition.Message, StringComparison.Ordinal);
        Assert.Contains("exceeded quota", await job.TellsAsync(reason), StringComparison.Ordinal);
    }

    private static async Task QuotaAsync(TestNamespace @namespace, string resource, string hard)
    {
        var quotas = new ApiResource("", "v1", "resourcequotas", "ResourceQuota");
        var body = new JsonObject { ["spec"] = new JsonObject { ["hard"] = new JsonObject { [resource] = hard } } };
        await ForeignAsync(quotas, @namespace, "small", body.ToJsonString());
        await Eventually.BeTrueAsync(
            async () => Kube.At(await Kube.GetAsync(quotas, @namespace.Name, "small"), "status", "hard", resource) is not null,
            TimeSpan.FromSeconds(30), "the quota is counted");
    }
}
