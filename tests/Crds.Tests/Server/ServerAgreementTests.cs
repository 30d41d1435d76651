using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrpoOperator.Crds.Tests.Server;

/// <summary>What a server makes of an object, against what the model makes of it, in each form.</summary>
public abstract class ServerAgreementTests(CrdServer server)
{
    private protected CrdServer Server { get; } = server;

    [Fact]
    public async Task Defaults_are_the_models()
    {
        Server.SkipUnlessThere();
        const string Minimal = """
            {"apiVersion":"grpo-operator.dev/v1alpha1","kind":"GrpoTrainingJob","metadata":{"name":"minimal"},
             "spec":{"image":"i","model":{"path":"/m","distCheckpointPath":"/d/e"},"data":{"trainFiles":["/t"],"valFiles":["/v"],"trainBatchSize":16,"prepare":{}},
              "actor":{"ppoMiniBatchSize":16,"ppoMicroBatchSizePerNpu":1},"rollout":{"samplesPerPrompt":1},"trainer":{"totalEpochs":1},"workers":{"nodes":1},"logs":{"directory":"/l"}}}
            """;
        var model = JsonSerializer.Deserialize(Minimal, CrdJsonContext.Default.V1alpha1GrpoTrainingJob)!;

        var stored = await Server.Create(JsonNode.Parse(Minimal)!.AsObject());

        var ours = JsonSerializer.SerializeToNode(model.Spec, CrdJsonContext.Default.GrpoTrainingJobSpec);
        Assert.True(JsonNode.DeepEquals(ours, stored["spec"]), $"{ours}\nand\n{stored["spec"]}");
        Assert.Null(stored["status"]);
    }

    [Fact]
    public async Task Nothing_of_the_example_is_lost_and_what_nobody_knows_is_pruned()
    {
        Server.SkipUnlessThere();
        var sent = Example.With("metadata.name", "\"pruned\"");
        Example.Set(sent, "spec.actor.unknown", "1");
        Example.Set(sent, "spec.workers.template.metadata.annotations", """{"a":"b"}""");

        var stored = await Server.Create(sent);

        Example.Set(sent, "spec.actor.unknown", null);
        AssertContains(sent["spec"]!, stored["spec"]!, "spec");
        Assert.Null(stored["spec"]!["actor"]!["unknown"]);
    }

    [Fact]
    public async Task A_status_with_every_field_is_stored_whole()
    {
        Server.SkipUnlessThere();
        var job = await Server.Create(Example.With("metadata.name", "\"status\""));
        var status = new GrpoTrainingJobStatus
        {
            Phase = JobPhase.Restarting,
            Reason = Reasons.NodeLost,
            ObservedGeneration = 1,
            Conditions = [new Condition { Type = ConditionTypes.Running, Status = ConditionStatus.False, LastTransitionTime = DateTime.UnixEpoch, Reason = Reasons.NodeLost, Message = "m" }],
            Incarnation = 2,
            RestartsByClass = new Dictionary<string, int> { [nameof(FailureClass.Stall)] = 1 },
            Failing = new FailingStatus { Since = DateTime.UnixEpoch, Class = FailureClass.Infrastructure, Reason = Reasons.NodeLost, Message = "m", Rank = 1, ExitCode = 137 },
            CurrentAttempt = new CurrentAttempt { Number = 2, StatefulSetUID = "u", Pods = [new AttemptPod { Ordinal = 0, Uid = "p", Node = "n" }] },
            Inspection = new InspectionStatus { Parameters = 30532122624, Weights = WeightsState.OtherModel, Findings = [new InspectionFinding { Rule = "R", Severity = FindingSeverity.Error, Message = "m" }] },
            Progress = new ProgressStatus { Display = "12/105", RewardMean = "0.5" },
            NpuSeconds = new NpuSeconds { Lost = 1 },
        };
        var sent = JsonSerializer.SerializeToNode(status, CrdJsonContext.Default.GrpoTrainingJobStatus)!;

        var (code, answer) = await Server.Send(
            HttpMethod.Patch, $"{CrdServer.Jobs}/{job["metadata"]!["name"]}/status", new JsonObject { ["status"] = sent.DeepClone() }.ToJsonString(), "application/merge-patch+json");

        Assert.True(code == HttpStatusCode.OK, answer.ToJsonString());
        Assert.True(JsonNode.DeepEquals(sent, answer["status"]), $"{sent}\nand\n{answer["status"]}");
    }

    [Fact]
    public async Task Server_side_apply_keeps_the_example()
    {
        Server.SkipUnlessThere();
        var sent = Example.With("metadata.name", "\"applied\"");

        var (code, answer) = await Server.Send(
            HttpMethod.Patch, CrdServer.Jobs + "/applied?fieldManager=test&force=true", sent.ToJsonString(), "application/apply-patch+yaml");

        Assert.True(code is HttpStatusCode.Created or HttpStatusCode.OK, answer.ToJsonString());
        AssertContains(sent["spec"]!, answer["spec"]!, "spec");
    }

    private static void AssertContains(JsonNode sent, JsonNode stored, string path)
    {
        switch (sent)
        {
            case JsonObject map:
                foreach (var (name, value) in map)
                {
                    Assert.True(stored[name] is not null, $"{path}.{name} is lost");
                    AssertContains(value!, stored[name]!, $"{path}.{name}");
                }

                break;
            case JsonArray list:
                Assert.True(stored.AsArray().Count == list.Count, $"{path} has {stored.AsArray().Count} items");
                for (var i = 0; i < list.Count; i++)
                    AssertContains(list[i]!, stored[i]!, $"{path}[{i}]");
                break;
            default:
                Assert.True(JsonNode.DeepEquals(sent, stored), $"{path} became {stored}");
                break;
        }
    }
}

[Trait("tier", "full"), Collection(nameof(CelCrdServer))]
public sealed class CelServerAgreementTests(CelCrdServer server) : ServerAgreementTests(server)
{
    // Empty is "not written", unset is "by strategy". A server of 1.20 built with a newer Go takes "" for null and refuses it.
    [Fact]
    public async Task An_empty_configuration_name_is_kept()
    {
        Server.SkipUnlessThere();
        var job = Example.With("metadata.name", "\"empty\"");
        Example.Set(job, "spec.launch.configPath", "\"\"");
        Example.Set(job, "spec.launch.configName", "\"\"");

        Assert.Equal("", (string?)(await Server.Create(job))["spec"]!["launch"]!["configPath"]);
    }
}

[Trait("tier", "full")]
public sealed class PlainServerAgreementTests(PlainCrdServer server) : ServerAgreementTests(server), IClassFixture<PlainCrdServer>;
