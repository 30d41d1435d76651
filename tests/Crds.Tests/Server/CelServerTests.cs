using System.Net;
using System.Text.Json.Nodes;

namespace GrpoOperator.Crds.Tests.Server;

/// <summary>The rules on the only judge of CEL, a server: it compiles them, counts their cost and runs them.</summary>
[Trait("tier", "full"), Collection(nameof(CelCrdServer))]
public sealed class CelServerTests(CelCrdServer server)
{
    private static int number;

    public static TheoryData<string> Cases => [.. RuleCase.All.Select(c => c.Name)];

    // A change of each field that is guarded, deep inside where the schema knows nothing.
    public static TheoryData<string, string, string> Changes => new()
    {
        { "image", "spec.image", "\"other\"" },
        { "imagePullPolicy", "spec.imagePullPolicy", "\"Always\"" },
        { "imagePullPolicy", "spec.imagePullPolicy", null! },
        { "imagePullSecrets", "spec.imagePullSecrets.1", "{\"name\":\"second\"}" },
        { "verlVersion", "spec.verlVersion", "\"0.8.0\"" },
        { "strategy", "spec.strategy", "\"FSDP2\"" },
        { "model", "spec.model.path", "\"/weight/other\"" },
        { "inspection", "spec.inspection.policy", "\"Skip\"" },
        { "conversion", "spec.conversion.useCpuInitialization", "true" },
        { "data", "spec.data.trainFiles.1", "\"/data/more.parquet\"" },
        { "reward", "spec.reward", null! },
        { "algorithm", "spec.algorithm.useKlInReward", "true" },
        { "actor", "spec.actor.learningRate", "\"2e-6\"" },
        { "reference", "spec.reference.offloadParameters", "false" },
        { "rollout", "spec.rollout.samplesPerPrompt", "4" },
        { "trainer", "spec.trainer.totalEpochs", "11" },
        { "overrides", "spec.overrides.2", "\"a=b\"" },
        { "launch", "spec.launch.setup", "\"true\"" },
        { "workers", "spec.workers.nodes", "3" },
        { "volumes", "spec.volumes.0.persistentVolumeClaim.claimName", "\"other\"" },
        { "workers", "spec.workers.template.spec.fieldOfTheFuture", "false" },
        { "workers", "spec.workers.template.spec.containers.0.someFieldOfTheFuture.deep.0", "2" },
        { "workers", "spec.workers.template.metadata.labels.team", "\"x\"" },
        { "workers", "spec.workers.resources.requests.cpu", "65" },
        { "env", "spec.env.1.valueFrom.secretKeyRef.key", "\"k\"" },
        { "envFrom", "spec.envFrom.0.configMapRef.name", "\"k\"" },
        { "volumeMounts", "spec.volumeMounts.1.mountPropagation", "\"Bidirectional\"" },
        { "actor", "spec.actor.transformerConfig.recompute_num_layers", "2" },
        { "actor", "spec.actor.transformerConfig.another", "2" },
        { "volumes", "spec.volumes.2", "{\"name\":\"x\",\"emptyDir\":{}}" },
        { "volumeMounts", "spec.volumeMounts.0.mountPath", "\"/elsewhere\"" },
        { "env", "spec.env.0.name", "\"OTHER\"" },
        { "envFrom", "spec.envFrom.1", "{}" },
        { "ray", "spec.ray.cpusPerNode", "65" },
        { "scheduling.schedulerName", "spec.scheduling.schedulerName", null! },
        { "scheduling.priorityClassName", "spec.scheduling.priorityClassName", "\"high\"" },
        { "scheduling.queue", "spec.scheduling.queue", "\"other\"" },
        { "scheduling.gang", "spec.scheduling.gang", "\"None\"" },
        { "logs", "spec.logs.keepAttempts", "6" },
        { "validation", "spec.validation.ignore.1", "\"Another\"" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_case_is_refused_by_its_rule_alone_or_accepted(string name)
    {
        server.SkipUnlessThere();
        var @case = RuleCase.All.Single(c => c.Name == name);

        var (code, answer) = await server.Send(HttpMethod.Post, CrdServer.Jobs + "?dryRun=All", @case.Job().ToJsonString());

        var breaks = @case.IsLeftToOperator ? [] : @case.Breaks;
        Assert.Equal(breaks.Order(), BrokenRules(answer));
        Assert.Equal(breaks.Count == 0 ? HttpStatusCode.Created : HttpStatusCode.UnprocessableEntity, code);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_guarded_field_changes_only_in_its_phases(string field, string path, string? json)
    {
        server.SkipUnlessThere();
        // FSDP, so that a change of strategy breaks no other rule.
        var created = new RuleCase("", path == "spec.strategy" ? "fsdp" : null, [], []).Job();
        created["metadata"]!["name"] = $"guarded-{Interlocked.Increment(ref number)}";
        JsonNode job = await server.Create(created);

        foreach (var (status, mayChange) in ((string, bool)[])
            [
                ("{}", true),
                ("""{"phase":"Invalid"}""", true),
                ("""{"phase":"Suspended","currentAttempt":{"number":1}}""", true),
                ("""{"phase":"Pending"}""", true),
                ("""{"phase":"Pending","currentAttempt":{"number":1}}""", false),
                ("""{"phase":"Preparing"}""", false),
                ("""{"phase":"Running","currentAttempt":{"number":1}}""", false),
                ("""{"phase":"Restarting"}""", false),
                ("""{"phase":"Succeeded"}""", false),
            ])
        {
            job = await PutStatus(job, status);
            var changed = job.DeepClone().AsObject();
            Example.Set(changed, path, json);
            var (code, answer) = await server.Send(HttpMethod.Put, At(job) + "?dryRun=All", changed.ToJsonString());

            Assert.Equal(mayChange ? [] : ["SpecImmutable"], BrokenRules(answer));
            Assert.Equal(mayChange ? HttpStatusCode.OK : HttpStatusCode.UnprocessableEntity, code);
            Assert.True(mayChange || ((string)answer["message"]!).Contains($"spec.{field} may", StringComparison.Ordinal), (string?)answer["message"]);
        }
    }

    [Fact]
    public async Task An_always_mutable_field_changes_in_any_phase()
    {
        server.SkipUnlessThere();
        var job = await PutStatus(await server.Create(Named("mutable")), """{"phase":"Running","currentAttempt":{"number":1}}""");
        const string Patch = """
            {"spec":{"suspend":true,"startupDeadlineSeconds":1,"firstStepDeadlineSeconds":1,"stallDeadlineSeconds":null,"activeDeadlineSeconds":1,"ttlSecondsAfterFinished":0,
             "cleanPodPolicy":"None","scheduling":{"pendingDeadlineSeconds":1,"gangTimeoutSeconds":1},"failurePolicy":{"maxRestarts":9,"rules":null}}}
            """;

        var (code, answer) = await server.Send(HttpMethod.Patch, At(job), Patch, "application/merge-patch+json");

        Assert.True(code == HttpStatusCode.OK, answer.ToJsonString());
    }

    // Before ratcheting (1.30) this would stop the operator's status writes; it is why older servers get the other form.
    [Fact]
    public async Task A_stored_object_that_breaks_a_rule_still_gets_its_status()
    {
        server.SkipUnlessThere();
        var job = await PutStatus(await server.Create(Named("ratchet")), """{"phase":"Running"}""");

        job = await PutStatus(job, """{"phase":"Running","restarts":3}""");

        Assert.Equal(3, (int)job["status"]!["restarts"]!);
    }

    private static JsonObject Named(string name) => Example.With("metadata.name", $"\"{name}\"");

    private static string At(JsonNode job) => $"{CrdServer.Jobs}/{job["metadata"]!["name"]}";

    private static IEnumerable<string> BrokenRules(JsonNode answer) =>
        (answer["details"]?["causes"]?.AsArray() ?? []).Select(c => ((string)c!["message"]!).Split(": ") is [_, .., var rule, _] ? rule : (string)c["message"]!).Distinct().Order();

    private async Task<JsonNode> PutStatus(JsonNode job, string status)
    {
        var changed = job.DeepClone().AsObject();
        changed["status"] = JsonNode.Parse(status);
        var (code, answer) = await server.Send(HttpMethod.Put, At(job) + "/status", changed.ToJsonString());
        Assert.True(code == HttpStatusCode.OK, answer.ToJsonString());
        return answer;
    }
}
