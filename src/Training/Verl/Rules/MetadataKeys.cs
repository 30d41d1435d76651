using System.Collections.Frozen;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>
/// Which labels and annotations a job may put on its pods. Keys without a prefix and under the prefixes of others are free;
/// of Kubernetes' prefixes only some are, and none of container runtimes, of schedulers' groups and of the operator itself.
/// </summary>
internal static class MetadataKeys
{
    // Prefixes and, for kubernetes.io and the like, everything below them.
    private static readonly string[] Reserved =
    [
        "grpo-operator.dev", "k8s.io", "kubernetes.io", "x-k8s.io", "scheduling.volcano.sh", "cri-o.io", "crio.io", "containerd.io", "katacontainers.io", "nri.io",
    ];

    private static readonly FrozenSet<string> Free = FrozenSet.Create(
        StringComparer.Ordinal, "app.kubernetes.io", "cluster-autoscaler.kubernetes.io", "descheduler.alpha.kubernetes.io", "kubectl.kubernetes.io");

    // By these the operator, its Service and its StatefulSet know their pods.
    private static readonly FrozenSet<string> Own = FrozenSet.Create(
        StringComparer.Ordinal, "app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/managed-by", "app.kubernetes.io/component");

    public static bool MayBeSet(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        // Runtimes write their names the other way round: io.kubernetes.cri-o.…, io.katacontainers.….
        if (slash < 0) return !key.StartsWith("io.", StringComparison.OrdinalIgnoreCase);
        var prefix = key[..slash];
        return !Own.Contains(key) && (Free.Contains(prefix) || !Array.Exists(Reserved, domain => IsIn(prefix, domain)));
    }

    private static bool IsIn(string prefix, string domain) =>
        prefix.Equals(domain, StringComparison.OrdinalIgnoreCase) || prefix.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase);
}
