using System.Collections.Frozen;
using System.Text.Json.Nodes;
using GrpoOperator.Training.Ascend;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Children;

/// <summary>
/// What a job's pods may be, whatever was laid over them: an allow-list of fields, and of values by Kubernetes' restricted
/// pod security standard, wider only where the administrator says so. Who may create a job could otherwise create any pod.
/// What isn't said is the runtime's default and passes, but for running as root.
/// </summary>
internal static class PodAllowList
{
    /// <summary>Seconds that a pod may take to end.</summary>
    public const int LeastGrace = 5, MostGrace = 600;

    // Not here: nodeName (past the scheduler, all ranks onto one node), overhead and priority (written by admission), and what
    // Kubernetes may come to know.
    private static readonly FrozenSet<string> OfPod = FrozenSet.Create(
        StringComparer.Ordinal,
        "activeDeadlineSeconds", "affinity", "automountServiceAccountToken", "containers", "dnsConfig", "dnsPolicy", "enableServiceLinks", "hostAliases",
        "hostIPC", "hostNetwork", "hostPID", "hostUsers", "imagePullSecrets", "initContainers", "nodeSelector", "os", "preemptionPolicy", "priorityClassName",
        "readinessGates", "resourceClaims", "resources", "restartPolicy", "runtimeClassName", "schedulerName", "schedulingGates", "securityContext",
        "serviceAccount", "serviceAccountName", "shareProcessNamespace", "terminationGracePeriodSeconds", "tolerations", "topologySpreadConstraints", "volumes");

    private static readonly FrozenSet<string> OfContainer = FrozenSet.Create(
        StringComparer.Ordinal,
        "args", "command", "env", "envFrom", "image", "imagePullPolicy", "lifecycle", "livenessProbe", "name", "ports", "readinessProbe", "resizePolicy",
        "resources", "restartPolicy", "restartPolicyRules", "securityContext", "startupProbe", "stdin", "stdinOnce", "terminationMessagePath",
        "terminationMessagePolicy", "tty", "volumeDevices", "volumeMounts", "workingDir");

    private static readonly string[] Calls = ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle.postStart", "lifecycle.preStop"];

    /// <summary>Everything in a merged pod template that is not permitted.</summary>
    public static IEnumerable<PodViolation> Check(JsonObject template, PodPermit permit)
    {
        var pod = template["spec"];
        return Fields(pod)
            .Concat(Host(pod, permit))
            .Concat(PodVolumes.Check(pod, permit))
            .Concat(PodSecurity.Check(pod, permit.Allowed))
            .Concat(Account(pod, permit.Allowed))
            .Concat(Grace(pod))
            .Concat(Npus(pod, permit));
    }

    private static IEnumerable<PodViolation> Fields(JsonNode? pod) =>
        from place in PodJson.Containers(pod).Select(at => (at.Field, (JsonNode?)at.Container, OfContainer)).Prepend(("spec", pod, OfPod))
        from member in place.Item2.Except(place.Item3)
        select PodViolation.OfUnknown(place.Item1, member);

    private static IEnumerable<PodViolation> Host(JsonNode? pod, PodPermit permit)
    {
        foreach (var field in (string[])["hostPID", "hostIPC"])
        {
            if (!pod.Member(field).IsNotAsked())
                yield return new(RuleNames.HostNamespace, $"spec.{field}", pod.Member(field).Shown(), "would put the pod into a namespace of its node");
        }

        var network = pod.Member("hostNetwork");
        var isOnHost = network.Is(true) && permit.OnHostNetwork && permit.Allowed.HostNetwork;
        if (!network.IsNotAsked() && !isOnHost)
            yield return new(RuleNames.HostNamespace, "spec.hostNetwork", network.Shown(), "would put the pod onto its node's network", "allowed.hostNetwork");

        foreach (var (field, container) in PodJson.Containers(pod))
        {
            foreach (var port in container["ports"].Objects().Where(port => port["hostPort"] is { } taken && taken.Whole() != 0 && !isOnHost))
                yield return new(RuleNames.HostNamespace, $"{field}.ports.hostPort", port["hostPort"].Shown(), "would take a port of the node");
            foreach (var (call, host) in Hosts(container))
                yield return new(RuleNames.HostNamespace, $"{field}.{call}.host", host.Shown(), "would have the node call another host than the pod");
        }
    }

    private static IEnumerable<(string Call, JsonNode Host)> Hosts(JsonObject container) =>
        from call in Calls
        let handler = call.Split('.').Aggregate((JsonNode?)container, (node, name) => node.Member(name))
        from kind in (string[])["httpGet", "tcpSocket"]
        let host = handler.Member(kind).Member("host")
        where host is not null && host.ToString().Length > 0
        select ($"{call}.{kind}", host);

    /// <summary>No token but by leave: the default account's, too, may be bound to anything.</summary>
    private static IEnumerable<PodViolation> Account(JsonNode? pod, AllowedPodFields allowed)
    {
        const string permit = "allowed.serviceAccounts";
        var names = (string[])["serviceAccountName", "serviceAccount"];
        foreach (var field in names.Where(field => pod.Member(field) is { } name && name.ToString() is not ("" or "default") && !allowed.ServiceAccounts.Contains(name.ToString(), StringComparer.Ordinal)))
            yield return new(RuleNames.ServiceAccountNotAllowed, $"spec.{field}", pod.Member(field).Shown(), "is not an account that jobs may use", permit);

        var account = names.Select(name => pod.Text(name)).FirstOrDefault(name => !string.IsNullOrEmpty(name)) ?? "default";
        if (allowed.ServiceAccounts.Contains(account, StringComparer.Ordinal)) yield break;
        if (!pod.Member("automountServiceAccountToken").Is(false))
            yield return new(RuleNames.ServiceAccountNotAllowed, "spec.automountServiceAccountToken", pod.Member("automountServiceAccountToken").Shown(), $"would give the pod a token of the account {account}; it is false", permit);
        foreach (var field in PodVolumes.Tokens(pod))
            yield return new(RuleNames.ServiceAccountNotAllowed, field, "", $"would give the pod a token of the account {account}", permit);
    }

    private static IEnumerable<PodViolation> Grace(JsonNode? pod)
    {
        if (pod.Member("terminationGracePeriodSeconds") is { } grace && grace.Whole() is not (>= LeastGrace and <= MostGrace))
            yield return new(RuleNames.GracePeriod, "spec.terminationGracePeriodSeconds", grace.Shown(), $"is not from {LeastGrace} to {MostGrace}");
    }

    /// <summary>The operator counts on how many NPUs each pod holds.</summary>
    private static IEnumerable<PodViolation> Npus(JsonNode? pod, PodPermit permit)
    {
        if (permit.NpuResource.Length == 0) yield break;
        foreach (var (field, container) in PodJson.Containers(pod).Append(("spec", pod as JsonObject ?? [])))
        {
            var isMain = field == $"spec.containers[{permit.MainContainer}]";
            foreach (var list in (string[])["requests", "limits"])
            {
                var asked = container["resources"].Member(list).Member(permit.NpuResource);
                if ((asked is null ? 0 : Quantity.Parse(asked.ToString())) != (isMain ? permit.Npus : 0))
                    yield return new(RuleNames.NpuRequest, $"{field}.resources.{list}.{permit.NpuResource}", asked.Shown(), $"is not {(isMain ? permit.Npus : 0)}, as the job's own fields say");
            }
        }
    }
}
