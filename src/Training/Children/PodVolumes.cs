using System.Collections.Frozen;
using System.Text.Json.Nodes;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Children;

/// <summary>Volumes that a pod may have: those of the restricted profile, images, and host paths by leave, never writable.</summary>
internal static class PodVolumes
{
    private static readonly FrozenSet<string> Sources = FrozenSet.Create(
        StringComparer.Ordinal,
        "name", "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "hostPath", "image", "persistentVolumeClaim", "projected", "secret");

    private static readonly FrozenSet<string> Projected = FrozenSet.Create(
        StringComparer.Ordinal, "clusterTrustBundle", "configMap", "downwardAPI", "secret", "serviceAccountToken");

    // What makes nothing on the node, and is no way to talk to somebody there.
    private static readonly FrozenSet<string> HostPathTypes = FrozenSet.Create(StringComparer.Ordinal, "", "Directory", "File");

    public static IEnumerable<PodViolation> Check(JsonNode? pod, PodPermit permit)
    {
        var onHost = new HashSet<string?>(StringComparer.Ordinal);
        foreach (var volume in pod.Member("volumes").Objects())
        {
            var field = $"spec.volumes[{volume.Text("name")}]";
            foreach (var violation in OfType(field, volume)) yield return violation;
            if (!volume.ContainsKey("hostPath")) continue;
            onHost.Add(volume.Text("name"));
            if (HostPath(field, volume, permit) is { } refused) yield return refused;
        }

        foreach (var (field, container) in PodJson.Containers(pod))
        {
            foreach (var mount in container["volumeMounts"].Objects())
            {
                var at = $"{field}.volumeMounts[{mount.Text("mountPath")}]";
                if (onHost.Contains(mount.Text("name")) && !mount["readOnly"].Is(true))
                    yield return new(RuleNames.HostPathNotAllowed, $"{at}.readOnly", mount["readOnly"].Shown(), "is not true: host paths are mounted read-only");
                if (mount.Text("mountPropagation") is { } propagation and not ("None" or "HostToContainer") && !permit.Allowed.Privileged)
                    yield return new(RuleNames.PrivilegedNotAllowed, $"{at}.mountPropagation", mount["mountPropagation"].Shown(), $"{propagation} would reach the node's own mounts", "allowed.privileged");
            }
        }
    }

    /// <summary>Places where a volume holds a token of the pod's service account.</summary>
    public static IEnumerable<string> Tokens(JsonNode? pod) =>
        from volume in pod.Member("volumes").Objects()
        where volume["projected"].Member("sources").Objects().Any(source => source.ContainsKey("serviceAccountToken"))
        select $"spec.volumes[{volume.Text("name")}].projected.serviceAccountToken";

    private static IEnumerable<PodViolation> OfType(string field, JsonObject volume)
    {
        const string why = "is not among the kinds of volume that pods of jobs may have";
        var projected = volume["projected"].Member("sources").Objects().SelectMany(source => source.Except(Projected)).Select(source => (Field: $"{field}.projected.{source.Key}", source.Value));
        return volume.Except(Sources).Select(source => (Field: $"{field}.{source.Key}", source.Value)).Concat(projected)
            .Select(found => new PodViolation(RuleNames.VolumeTypeNotAllowed, found.Field, found.Value.Shown(), why));
    }

    private static PodViolation? HostPath(string field, JsonObject volume, PodPermit permit)
    {
        var (path, type) = (volume["hostPath"].Text("path") ?? "", volume["hostPath"].Text("type") ?? "");
        // Its own mounts bear names that no user can give.
        if (permit.OwnHostPaths.Any(own => own.Volume == volume.Text("name") && own.Path == path && own.Type == type)) return null;
        if (!HostPathTypes.Contains(type))
            return new(RuleNames.HostPathNotAllowed, $"{field}.hostPath.type", volume["hostPath"].Member("type").Shown(), "is neither Directory nor File");
        if (permit.Allowed.HostPaths.Any(allowed => IsBelow(path, allowed))) return null;
        var paths = permit.Allowed.HostPaths.Count == 0 ? "none is" : $"they are {string.Join(", ", permit.Allowed.HostPaths)}";
        return new(RuleNames.HostPathNotAllowed, $"{field}.hostPath.path", volume["hostPath"].Member("path").Shown(), $"does not lie at a host path that jobs may mount ({paths})", "allowed.hostPaths");
    }

    /// <summary>Whether a path is another one or lies below it, by whole segments; a path with <c>.</c> or <c>..</c> lies nowhere.</summary>
    private static bool IsBelow(string path, string allowed)
    {
        var (segments, roots) = (Segments(path), Segments(allowed));
        return path.StartsWith('/') && roots.Length > 0 && segments.Length >= roots.Length
            && segments.AsSpan(0, roots.Length).SequenceEqual(roots) && !segments.Any(segment => segment is "." or "..");
    }

    private static string[] Segments(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);
}
