using System.Text.Json.Nodes;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.E2E;

/// <summary>What the recorded states of a job and its pods tell about a life.</summary>
internal static class JobHistory
{
    /// <summary>Status writes after which nothing but progress had changed.</summary>
    public static int ProgressWrites(IEnumerable<JsonObject> states, string job)
    {
        var statuses = states.Where(state => Kube.Text(state, "metadata", "name") == job).Select(state => (JsonObject?)state["status"]).OfType<JsonObject>().ToArray();
        return statuses.Zip(statuses.Skip(1)).Count(pair => !JsonNode.DeepEquals(pair.First, pair.Second) && JsonNode.DeepEquals(WithoutProgress(pair.First), WithoutProgress(pair.Second)));
    }

    /// <summary>Component and name of each pod that asked for an NPU, in the order of their appearance.</summary>
    public static IReadOnlyList<(string Component, string Pod)> PodsWithNpus(IEnumerable<JsonObject> states, string job) =>
    [
        .. states.Where(state => Kube.Text(state, "metadata", "labels", "grpo-operator.dev/job") == job && AsksForNpus(state))
            .Select(state => (Kube.Text(state, "metadata", "labels", "app.kubernetes.io/component")!, Kube.Text(state, "metadata", "name")!)).Distinct(),
    ];

    private static bool AsksForNpus(JsonObject pod) =>
        pod["spec"]!["containers"]!.AsArray().Any(container => Kube.At(container, "resources", "limits", "huawei.com/Ascend910") is not null);

    private static JsonObject WithoutProgress(JsonObject status)
    {
        var rest = status.DeepClone().AsObject();
        rest.Remove("progress");
        rest.Remove("stepTimes");
        rest.Remove("stepSpecHash");
        if (rest["currentAttempt"] is JsonObject attempt)
        {
            attempt.Remove("lastStep");
            attempt.Remove("firstStepTime");
        }

        return rest;
    }
}
