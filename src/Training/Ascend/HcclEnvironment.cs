using System.Globalization;
using System.Text.Json;
using GrpoOperator.Crds;

namespace GrpoOperator.Training.Ascend;

/// <summary>A variable of the trainer's containers: a fixed value, or a field of the pod.</summary>
/// <param name="Name">Name.</param>
/// <param name="Value">Value; null exactly when <paramref name="FieldPath"/> is set.</param>
/// <param name="FieldPath">Downward API field; null exactly when <paramref name="Value"/> is set.</param>
public sealed record EnvironmentDefault(string Name, string? Value, string? FieldPath = null);

/// <summary>
/// The variables that HCCL, Ray and verl need on every node before <c>ray start</c>, with defaults that <c>env</c> replaces.
/// Variables that depend on image and chip are never among them. The socket interfaces are found in the pod by the launcher
/// unless <c>workers.networkInterface</c> names one.
/// </summary>
public static class HcclEnvironment
{
    private const string ExecTimeoutName = "HCCL_EXEC_TIMEOUT";

    /// <summary>Seconds that a collective may take unless <c>env</c> says otherwise.</summary>
    private const int DefaultExecTimeout = 1800;

    private static readonly EnvironmentDefault[] Everywhere =
    [
        new("CUDA_DEVICE_MAX_CONNECTIONS", "1"),
        new("HCCL_CONNECT_TIMEOUT", "1800"),
        new(ExecTimeoutName, $"{DefaultExecTimeout}"),
        new("HYDRA_FULL_ERROR", "1"),
        new("RAY_DEDUP_LOGS", "0"),
    ];

    private static readonly string[] Interfaces = ["HCCL_SOCKET_IFNAME", "GLOO_SOCKET_IFNAME", "TP_SOCKET_IFNAME"];

    /// <summary>The defaults for a job, those left out that its <c>env</c> sets.</summary>
    public static IReadOnlyList<EnvironmentDefault> For(GrpoTrainingJobSpec spec, JobShape shape, string jobUid)
    {
        var given = (spec.Env ?? []).Select(variable => ((JsonElement?)variable).Text("name")).ToHashSet(StringComparer.Ordinal);
        return [.. All(spec, shape, jobUid).Where(variable => !given.Contains(variable.Name))];
    }

    /// <summary>Seconds after which HCCL gives a collective up: what <c>env</c> sets plainly, else the default.</summary>
    public static int ExecTimeout(GrpoTrainingJobSpec spec)
    {
        var given = (spec.Env ?? []).Select(variable => (JsonElement?)variable).FirstOrDefault(variable => variable.Text("name") == ExecTimeoutName);
        return int.TryParse(given.Text("value"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : DefaultExecTimeout;
    }

    private static IEnumerable<EnvironmentDefault> All(GrpoTrainingJobSpec spec, JobShape shape, string jobUid)
    {
        IEnumerable<EnvironmentDefault> variables = Everywhere;
        if (spec.Workers.NetworkInterface is { } name)
            variables = variables.Concat(Interfaces.Select(variable => new EnvironmentDefault(variable, name)));
        if (spec.Workers.HostNetwork)
            variables = variables.Concat(OnTheHost(HostPorts.Of(jobUid)));
        // One template serves all pods, so only the logical super pod that all of them share can be named here.
        if (shape.SpBlock == shape.TotalNpus && shape.Preset.IsSuperPod)
            variables = variables.Append(new EnvironmentDefault("HCCL_LOGIC_SUPERPOD_ID", "0"));
        return variables;
    }

    private static EnvironmentDefault[] OnTheHost(HostPorts ports) =>
    [
        new("HCCL_IF_IP", null, "status.hostIP"),
        new("HCCL_IF_BASE_PORT", $"{ports.HcclBase}"),
        new("HCCL_HOST_SOCKET_PORT_RANGE", ports.HcclHostSockets),
        new("HCCL_NPU_SOCKET_PORT_RANGE", ports.HcclNpuSockets),
    ];
}
