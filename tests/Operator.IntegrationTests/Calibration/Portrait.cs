using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;
using GrpoOperator.Operator.Reconcile;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.IntegrationTests.Calibration;

/// <summary>Draws what an API server holds. Each object is called by its name and by which of that name it is, the first seen being 1.</summary>
internal sealed class Portrait
{
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);

    /// <summary>A line for each object, sorted.</summary>
    public IReadOnlyList<string> Of(IReadOnlyList<(ApiResource Kind, JsonObject Object)> found, Func<JsonObject, bool> isSealed)
    {
        foreach (var (kind, item) in found) Know(kind, item);
        return [.. found.Select(pair => Line(pair.Kind, pair.Object, isSealed)).Order(StringComparer.Ordinal)];
    }

    private void Know(ApiResource kind, JsonObject item)
    {
        var uid = Kube.Text(item, "metadata", "uid")!;
        if (names.ContainsKey(uid)) return;
        // The end of a Job's pod is made up by whoever made it.
        var owner = item["metadata"]?["ownerReferences"]?[0];
        var name = $"{kind.Plural}/{(kind == ApiResources.Pods && Kube.Text(owner, "kind") == "Job" ? Kube.Text(owner, "name") + "-…" : Kube.Text(item, "metadata", "name"))}";
        counts[name] = counts.GetValueOrDefault(name) + 1;
        names[uid] = $"{name}#{counts[name]}";
    }

    private string Line(ApiResource kind, JsonObject item, Func<JsonObject, bool> isSealed)
    {
        var owner = Kube.Text(item["metadata"]?["ownerReferences"]?[0], "uid");
        var words = new List<string> { names[Kube.Text(item, "metadata", "uid")!] };
        if (owner is not null) words.Add("of " + names.GetValueOrDefault(owner, "somebody unknown"));
        if (Kube.At(item, "metadata", "deletionTimestamp") is not null) words.Add("going");
        words.AddRange(Details(kind, item, isSealed));
        return string.Join(' ', words);
    }

    private static IEnumerable<string> Details(ApiResource kind, JsonObject item, Func<JsonObject, bool> isSealed)
    {
        if (kind == Resources.TrainingJobs) return [$"generation {Kube.Text(item, "metadata", "generation")}", $"status {Written(item)}"];
        if (kind == ApiResources.Services) return [$"selects {Kube.Text(item, "spec", "selector", Labels.Incarnation) ?? "-"}"];
        if (kind == ApiResources.Jobs) return [Ends(item)];
        if (kind == ApiResources.StatefulSets) return [Incarnation(item), SealedTemplate(item) ? "sealed" : "open"];
        if (kind != ApiResources.Pods) return [];
        var phase = Kube.Text(item, "status", "phase") ?? "Pending";
        return [Incarnation(item), isSealed(item) ? "sealed" : "open", Kube.At(item, "spec", "nodeName") is null ? "unbound" : "bound", phase];
    }

    private static string Incarnation(JsonObject item) => $"incarnation {Kube.Text(item, "metadata", "labels", Labels.Incarnation) ?? "-"}";

    /// <summary>Whether a pod template has the seal, once or more.</summary>
    private static bool SealedTemplate(JsonObject set) => HasSeal(set["spec"]!["template"]!["spec"]);

    /// <summary>Whether a pod spec has the seal.</summary>
    public static bool HasSeal(JsonNode? spec) => spec!["containers"]![0]!["env"]!.AsArray().Any(variable => Kube.Text(variable, "name") == "GRPO_SEALED");

    private static string Ends(JsonObject job) =>
        job["status"]?["conditions"]?.AsArray().Where(condition => Kube.Text(condition, "status") == "True").Select(condition => Kube.Text(condition, "type")).FirstOrDefault(type => type is "Complete" or "Failed") ?? "unfinished";

    /// <summary>What the histories write into the status; the real server adds the schema's defaults.</summary>
    private static string Written(JsonObject job) => string.Join(", ", ((string[])["incarnation", "reason", "progress"]).Select(name => $"{name} {Ordered(job["status"]?[name])}"));

    private static string Ordered(JsonNode? node) => node switch
    {
        null => "-",
        JsonObject members => $"{{{string.Join(",", members.Where(member => member.Value is not null).OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{member.Key}:{Ordered(member.Value)}"))}}}",
        _ => node.ToJsonString(),
    };
}
