using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using GrpoOperator.Crds;
using GrpoOperator.Operator.Reconcile;

namespace GrpoOperator.Operator.Tests.Reconcile;

public sealed class StatusPatchTests
{
    private static readonly DateTime Noon = new(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc);

    private static readonly Gen<Condition> Conditions =
        from type in Any("Valid", "Running", "Failed")
        from status in Gen.Enum<ConditionStatus>()
        from message in Any("", "one", "two\nlines")
        select new Condition { Type = type, Status = status, Reason = "Because", Message = message, LastTransitionTime = Noon };

    private static readonly Gen<CurrentAttempt?> Attempts =
        from there in Gen.Bool
        from number in Gen.Int[1, 3]
        from set in Any<string?>(null, "set-1", "set-2")
        from pods in Gen.Int[0, 2]
        select there
            ? new CurrentAttempt
            {
                Number = number,
                StatefulSetUID = set,
                Pods = pods == 0 ? null : [.. Enumerable.Range(0, pods).Select(ordinal => new AttemptPod { Ordinal = ordinal, Uid = $"pod-{ordinal}", Node = "node-1" })],
            }
            : null;

    private static readonly Gen<GrpoTrainingJobStatus> Statuses =
        from phase in Any<JobPhase?>(null, JobPhase.Preparing, JobPhase.Running, JobPhase.Failed)
        from conditions in Conditions.Array[0, 3]
        from attempt in Attempts
        from restarts in Gen.Dictionary(Any("Runtime", "Startup", "Unknown"), Gen.Int[0, 3])[0, 3]
        from step in Any<int?>(null, 1, 2)
        from reward in Any<string?>(null, "0.5", "")
        from fence in Gen.Bool
        select new GrpoTrainingJobStatus
        {
            Phase = phase,
            Conditions = conditions,
            CurrentAttempt = attempt,
            RestartsByClass = restarts.Count == 0 ? null : restarts,
            Progress = step is null && reward is null ? null : new ProgressStatus { Step = step, RewardMean = reward },
            FenceWait = fence,
            CompletionTime = phase == JobPhase.Failed ? Noon : null,
        };

    /// <summary>What the whole scheme rests on: the server, applying the patch to what it has, has what was decided.</summary>
    [Fact]
    public void The_patch_applied_to_the_old_status_gives_the_new_one() => Gen.Select(Statuses, Statuses).Sample((old, @new) =>
    {
        var stored = Json(old);
        var patch = StatusPatch.Between(old, @new, "uid", "7");
        Apply(stored, patch?["status"] as JsonObject ?? []);
        Assert.True(JsonNode.DeepEquals(Json(@new), stored), $"{Json(old)}\n+ {patch}\n= {stored}\n≠ {Json(@new)}");
    });

    [Fact]
    public void Equal_statuses_need_no_write() => Statuses.Sample(status => Assert.Null(StatusPatch.Between(status, Clone(status), "uid", "7")));

    [Fact]
    public void The_patch_says_of_which_object_in_which_version_it_speaks()
    {
        var patch = StatusPatch.Between(new(), new() { Phase = JobPhase.Running }, "the-uid", "42")!;
        Assert.Equal("""{"metadata":{"uid":"the-uid","resourceVersion":"42"},"status":{"phase":"Running"}}""", patch.ToJsonString());
    }

    [Fact]
    public void Fields_that_this_version_does_not_know_stay()
    {
        var stored = Json(new GrpoTrainingJobStatus { Phase = JobPhase.Starting });
        stored["invented"] = "later";
        var patch = StatusPatch.Between(new() { Phase = JobPhase.Starting }, new() { Phase = JobPhase.Running }, "uid", "7")!;
        Apply(stored, patch["status"]!.AsObject());
        Assert.Equal(("later", "Running"), ((string?)stored["invented"], (string?)stored["phase"]));
    }

    [Fact]
    public void What_is_gone_is_null_also_inside()
    {
        var old = new GrpoTrainingJobStatus { CurrentAttempt = new CurrentAttempt { Number = 1, StatefulSetUID = "set-1" }, CompletionTime = Noon };
        var patch = StatusPatch.Between(old, old with { CurrentAttempt = new CurrentAttempt { Number = 1 }, CompletionTime = null }, "uid", "7")!;
        Assert.Equal("""{"currentAttempt":{"statefulSetUID":null},"completionTime":null}""", patch["status"]!.ToJsonString());
    }

    private static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);

    private static JsonObject Json(GrpoTrainingJobStatus status) => JsonSerializer.SerializeToNode(status, CrdJsonContext.Default.GrpoTrainingJobStatus)!.AsObject();

    private static GrpoTrainingJobStatus Clone(GrpoTrainingJobStatus status) => Json(status).Deserialize(CrdJsonContext.Default.GrpoTrainingJobStatus)!;

    /// <summary>RFC 7386, written after its text and not after the code under test.</summary>
    private static void Apply(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
                continue;
            }

            if (value is not JsonObject inner)
            {
                target[name] = value.DeepClone();
                continue;
            }

            if (target[name] is not JsonObject) target[name] = new JsonObject();
            Apply(target[name]!.AsObject(), inner);
        }
    }
}
