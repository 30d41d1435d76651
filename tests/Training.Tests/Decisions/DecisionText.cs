using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrpoOperator.Crds;

namespace GrpoOperator.Training.Tests.Decisions;

/// <summary>
/// A decision in words: all that it does and says, and nothing of how. Of the status only what changes is told; the hashes
/// in it are hidden, since every new field of the spec would move them.
/// </summary>
internal static class DecisionText
{
    private static readonly HashSet<string> Hidden = ["observedGeneration", "conditions", "phase", "incarnation"];

    public static string Of(string heading, Observation seen, Decision decision)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"== {seen.Now:HH:mm:ss} {heading}\n");
        text.Append(Phases(seen.Job.Status, decision.Status));
        Section(text, "conditions", Conditions(seen.Job.Status, decision.Status));
        Section(text, "status", Changes(seen.Job.Status, decision.Status));
        Section(text, "acts", decision.Acts.Select(Act));
        Section(text, "events", decision.Events.Select(told => $"{(told.Warning ? "Warning" : "Normal")} {told.Reason}: {told.Message}"));
        Section(text, "questions", decision.Questions.Select(Question));
        if (decision.Console is { } console)
            Section(text, "console", [$"{console.PodName} ({console.PodUid}) of incarnation {console.Incarnation}, {console.StepSeconds?.ToString(CultureInfo.InvariantCulture) ?? "?"} s a step"]);
        if (decision.LookAgainAt is { } at)
            Section(text, "looks again", [$"in {(at - seen.Now).TotalSeconds.ToString(CultureInfo.InvariantCulture)} s"]);
        return text.ToString();
    }

    private static string Phases(GrpoTrainingJobStatus before, GrpoTrainingJobStatus after)
    {
        var was = before.Phase == after.Phase ? "still " : before.Phase is { } phase ? $"{phase} → " : string.Empty;
        return $"{was}{after.Phase?.ToString() ?? "no phase"}, incarnation {after.Incarnation}\n";
    }

    private static void Section(StringBuilder text, string name, IEnumerable<string> lines)
    {
        var all = lines.ToArray();
        if (all.Length == 0) return;
        text.Append(CultureInfo.InvariantCulture, $"  {name}\n");
        // Further lines of a message stand under its first.
        foreach (var line in all)
            text.Append(CultureInfo.InvariantCulture, $"    {line.Replace("\n", "\n      ", StringComparison.Ordinal)}\n");
    }

    /// <summary>New and changed conditions whole, those that stay by name.</summary>
    private static IEnumerable<string> Conditions(GrpoTrainingJobStatus before, GrpoTrainingJobStatus after)
    {
        var same = after.Conditions.Where(now => Says(before.Condition(now.Type)) == Says(now)).ToArray();
        foreach (var now in after.Conditions.Except(same)) yield return Says(now)!;
        foreach (var gone in before.Conditions.Where(was => after.Condition(was.Type) is null)) yield return $"{gone.Type} is gone";
        if (same.Length > 0) yield return $"as before: {string.Join(", ", same.Select(now => $"{now.Type}={now.Status}"))}";
    }

    private static string? Says(Condition? condition) => condition is null ? null : $"{condition.Type}={condition.Status} {condition.Reason}: {condition.Message}";

    private static IEnumerable<string> Changes(GrpoTrainingJobStatus before, GrpoTrainingJobStatus after)
    {
        var (old, now) = (Fields(before), Fields(after));
        var changed = now.Where(field => old.GetValueOrDefault(field.Key) != field.Value)
            .Select(field => old.TryGetValue(field.Key, out var was) ? $"{field.Key}: {was} → {field.Value}" : $"{field.Key}: {field.Value}");
        // What went with all that it held is told once.
        var left = now.Keys.SelectMany(Prefixes).ToHashSet(StringComparer.Ordinal);
        var gone = old.Keys.Select(path => Prefixes(path).FirstOrDefault(prefix => !left.Contains(prefix))).OfType<string>().Distinct();
        return changed.Concat(gone.Select(path => $"{path} is gone"));
    }

    /// <summary>Of <c>a.b[0].c</c>: <c>a</c>, <c>a.b</c>, <c>a.b[0]</c>, and itself.</summary>
    private static IEnumerable<string> Prefixes(string path) =>
        Enumerable.Range(1, path.Length).Where(end => end == path.Length || path[end] is '.' or '[').Select(end => path[..end]);

    private static Dictionary<string, string> Fields(GrpoTrainingJobStatus status)
    {
        var root = JsonSerializer.SerializeToNode(status, CrdJsonContext.Default.GrpoTrainingJobStatus)!.AsObject();
        return root.Where(field => !Hidden.Contains(field.Key)).SelectMany(field => Leaves(field.Key, field.Value!)).ToDictionary(StringComparer.Ordinal);
    }

    private static IEnumerable<KeyValuePair<string, string>> Leaves(string path, JsonNode node) => node switch
    {
        JsonObject { Count: > 0 } map => map.SelectMany(field => Leaves($"{path}.{field.Key}", field.Value!)),
        JsonArray { Count: > 0 } list => list.SelectMany((item, index) => Leaves($"{path}[{index}]", item!)),
        _ when path.EndsWith("Hash", StringComparison.Ordinal) => [new(path, "…")],
        JsonValue value when value.TryGetValue<DateTime>(out var time) => [new(path, time.ToUniversalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture))],
        JsonValue value when value.TryGetValue<string>(out var word) => [new(path, word)],
        _ => [new(path, node.ToJsonString())],
    };

    private static string Act(Act act) => act switch
    {
        Training.Act.Create create => $"create {ChildWrites.KindOf(create.Child)} {Names.Of(create.Child, "math")}{Try(create.Body)}",
        Training.Act.Delete delete => $"delete {ChildWrites.KindOf(delete.Child)} {delete.Name} ({delete.Uid})",
        Training.Act.ReplaceConfigMap replace => $"replace ConfigMap ({replace.Uid})",
        Training.Act.Seal seal => $"seal StatefulSet ({seal.StatefulSetUid})",
        Training.Act.PointService point => $"point Service ({point.ServiceUid}) to incarnation {point.Incarnation}",
        Training.Act.ForceDeletePod pod => $"force-delete Pod {pod.Name} ({pod.Uid})",
        Training.Act.DeleteJob job => $"delete GrpoTrainingJob ({job.Uid})",
        _ => throw new ArgumentOutOfRangeException(nameof(act), act, message: null),
    };

    private static string Question(Question question) => question switch
    {
        Training.Question.PodsNow { OverJob: { } job } => $"which pods there are now that Job {job} is over",
        Training.Question.PodsNow => "which pods there are",
        Training.Question.ClaimModes claim => $"the access modes of claim {claim.Claim}",
        Training.Question.NodeLease lease => $"the lease of node {lease.Node}",
        _ => throw new ArgumentOutOfRangeException(nameof(question), question, message: null),
    };

    /// <summary>The try of a Job stands behind its spec's hash.</summary>
    private static string Try(JsonObject body) =>
        (string?)body["metadata"]?["annotations"]?[Labels.Try] is { } @try ? $", try {@try[(@try.LastIndexOf('.') + 1)..]}" : string.Empty;
}
