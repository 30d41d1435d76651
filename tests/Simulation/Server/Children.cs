using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Training;

namespace GrpoOperator.Simulation.Server;

/// <summary>Objects from the bodies that the operator posts, and pods from their templates.</summary>
internal static class Children
{
    public static JsonObjectEntry Of(ApiServer server, ApiResource resource, string @namespace, JsonObject body)
    {
        var meta = body["metadata"]!.AsObject();
        var uid = server.NextUid();
        meta["uid"] = uid;
        meta["generation"] = 1;
        meta["creationTimestamp"] = ApiServer.Time(server.Clock.Now);
        // Large, and read by nobody but pods that run nothing here.
        body.Remove("data");
        body.Remove("binaryData");
        return new JsonObjectEntry
        {
            Resource = resource,
            Key = new NamespacedName(@namespace, (string)meta["name"]!),
            Uid = uid,
            OwnerUid = (string?)meta["ownerReferences"]?[0]?["uid"],
            JobUid = (string?)meta["labels"]?[Labels.JobUid],
            Body = body,
        };
    }

    /// <summary>A pod of a StatefulSet or Job.</summary>
    public static PodObject Pod(ApiServer server, JsonObjectEntry owner, string name, int rank)
    {
        var template = TemplateOf(owner);
        return new PodObject
        {
            Resource = ApiResources.Pods,
            Key = new NamespacedName(owner.Key.Namespace, name),
            Uid = server.NextUid(),
            OwnerUid = owner.Uid,
            JobUid = template.JobUid,
            State = new PodState { Template = template, Rank = rank },
        };
    }

    private static PodTemplate TemplateOf(JsonObjectEntry owner)
    {
        var template = owner.Body["spec"]!["template"]!;
        var labels = template["metadata"]!["labels"]!;
        var spec = template["spec"]!;
        var container = spec["containers"]![0]!;
        return new PodTemplate
        {
            Job = (string)labels[Labels.Job]!,
            JobUid = (string)labels[Labels.JobUid]!,
            Component = (string)labels[Labels.Component]!,
            Incarnation = int.Parse((string?)labels[Labels.Incarnation] ?? "0"),
            Attempt = int.Parse((string?)labels[Labels.Attempt] ?? "0"),
            OwnerKind = owner.Resource.Kind,
            OwnerName = owner.Key.Name,
            OwnerUid = owner.Uid,
            Sealed = Variable(container, "GRPO_SEALED") == "true",
            FenceWait = Variable(container, "GRPO_FENCE_WAIT") == "1",
            Npus = container["resources"]?["requests"]?.AsObject().Where(r => r.Key.StartsWith("huawei.com/", StringComparison.Ordinal)).Sum(r => int.Parse(r.Value!.ToString())) ?? 0,
            Avoids = [.. Excluded(spec)],
        };
    }

    private static string? Variable(JsonNode container, string name) =>
        (string?)container["env"]?.AsArray().FirstOrDefault(variable => (string?)variable!["name"] == name)?["value"];

    /// <summary>Node names that the required affinity excludes.</summary>
    private static IEnumerable<string> Excluded(JsonNode spec) =>
        from term in spec["affinity"]?["nodeAffinity"]?["requiredDuringSchedulingIgnoredDuringExecution"]?["nodeSelectorTerms"]?.AsArray() ?? []
        from expression in (term!["matchExpressions"]?.AsArray() ?? []).Concat(term["matchFields"]?.AsArray() ?? [])
        where (string?)expression!["operator"] == "NotIn"
        from value in expression["values"]!.AsArray()
        select (string)value!;
}
