using System.Collections.Frozen;
using System.Text.Json.Nodes;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Children;

/// <summary>Security contexts that a pod may have: what they say is within Kubernetes' restricted profile, or permitted.</summary>
internal static class PodSecurity
{
    private const string Privileged = "allowed.privileged";

    private static readonly FrozenSet<string> OfBoth = FrozenSet.Create(
        StringComparer.Ordinal, "appArmorProfile", "runAsGroup", "runAsNonRoot", "runAsUser", "seLinuxOptions", "seccompProfile");

    private static readonly FrozenSet<string> OfPod =
        OfBoth.Union(["fsGroup", "fsGroupChangePolicy", "seLinuxChangePolicy", "supplementalGroups", "supplementalGroupsPolicy", "sysctls"]).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> OfContainer =
        OfBoth.Union(["allowPrivilegeEscalation", "capabilities", "privileged", "procMount", "readOnlyRootFilesystem"]).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> OfCapabilities = FrozenSet.Create(StringComparer.Ordinal, "add", "drop");

    private static readonly FrozenSet<string> SeLinuxTypes = FrozenSet.Create(
        StringComparer.Ordinal, "", "container_t", "container_init_t", "container_kvm_t", "container_engine_t");

    /// <summary>Of a namespace, and of no use against another one.</summary>
    private static readonly FrozenSet<string> Sysctls = FrozenSet.Create(
        StringComparer.Ordinal,
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports", "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ping_group_range", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_rmem", "net.ipv4.tcp_syncookies", "net.ipv4.tcp_wmem");

    public static IEnumerable<PodViolation> Check(JsonNode? pod, AllowedPodFields allowed)
    {
        var ofPod = pod.Member("securityContext");
        var contexts = PodJson.Containers(pod).Select(at => (Field: $"{at.Field}.securityContext", Context: at.Container["securityContext"], Known: OfContainer))
            .Prepend((Field: "spec.securityContext", Context: ofPod, Known: OfPod)).ToArray();
        var unknown = from at in contexts
                      from member in at.Context.Except(at.Known)
                      select PodViolation.OfUnknown(at.Field, member);
        return unknown
            .Concat(contexts.SelectMany(at => Capabilities(at.Field, at.Context.Member("capabilities"), allowed)))
            .Concat(allowed.Privileged ? [] : contexts.SelectMany(at => Privileges(at.Field, at.Context)).Concat(SysctlsOf(ofPod)))
            .Concat(allowed.RunAsRoot ? [] : contexts.Skip(1).SelectMany(at => Root(at.Field, at.Context, ofPod)));
    }

    private static IEnumerable<PodViolation> Privileges(string field, JsonNode? context)
    {
        foreach (var name in (string[])["privileged", "allowPrivilegeEscalation"])
        {
            if (!context.Member(name).IsNotAsked()) yield return Refused(name, context.Member(name), "is true");
        }

        if (context.Member("procMount") is { } proc && proc.ToString() is not "Default") yield return Refused("procMount", proc, "is not Default");
        foreach (var name in (string[])["seccompProfile", "appArmorProfile"])
        {
            if (context.Member(name) is { } profile && profile.Text("type") is not ("RuntimeDefault" or "Localhost"))
                yield return Refused($"{name}.type", profile.Member("type"), "is neither RuntimeDefault nor Localhost");
        }

        var seLinux = context.Member("seLinuxOptions");
        if (seLinux.Member("type") is { } type && !SeLinuxTypes.Contains(type.ToString())) yield return Refused("seLinuxOptions.type", type, "is not a type of containers");
        foreach (var name in (string[])["user", "role"])
        {
            if (seLinux.Member(name) is { } given && given.ToString().Length > 0) yield return Refused($"seLinuxOptions.{name}", given, "is not empty");
        }

        PodViolation Refused(string name, JsonNode? value, string why) => new(RuleNames.PrivilegedNotAllowed, $"{field}.{name}", value.Shown(), why, Privileged);
    }

    private static IEnumerable<PodViolation> SysctlsOf(JsonNode? ofPod) =>
        from sysctl in ofPod.Member("sysctls").Objects()
        where !Sysctls.Contains(sysctl.Text("name") ?? "")
        select new PodViolation(RuleNames.PrivilegedNotAllowed, "spec.securityContext.sysctls", sysctl["name"].Shown(), "is not a safe sysctl", Privileged);

    /// <summary>The restricted profile lets a container keep one capability, to listen on low ports.</summary>
    private static IEnumerable<PodViolation> Capabilities(string field, JsonNode? capabilities, AllowedPodFields allowed)
    {
        foreach (var member in capabilities.Except(OfCapabilities)) yield return PodViolation.OfUnknown($"{field}.capabilities", member);
        foreach (var added in capabilities.Member("add") as JsonArray ?? [])
        {
            if (added?.ToString() is not { } name || (name != "NET_BIND_SERVICE" && !allowed.Capabilities.Contains(name, StringComparer.Ordinal)))
                yield return new(RuleNames.CapabilityNotAllowed, $"{field}.capabilities.add", added.Shown(), "is not a capability that containers may add", "allowed.capabilities");
        }
    }

    private static IEnumerable<PodViolation> Root(string field, JsonNode? context, JsonNode? ofPod)
    {
        const string permit = "allowed.runAsRoot";
        var (nonRoot, user) = (context.Member("runAsNonRoot") ?? ofPod.Member("runAsNonRoot"), context.Member("runAsUser") ?? ofPod.Member("runAsUser"));
        if (!nonRoot.Is(true)) yield return new(RuleNames.RootNotAllowed, $"{field}.runAsNonRoot", nonRoot.Shown(), "is not true", permit);
        if (user is not null && user.Whole() is not > 0) yield return new(RuleNames.RootNotAllowed, $"{field}.runAsUser", user.Shown(), "is root", permit);
    }
}
