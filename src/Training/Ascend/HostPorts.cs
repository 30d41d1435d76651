namespace GrpoOperator.Training.Ascend;

/// <summary>
/// The ports of a job whose pods use the host's network. They are derived from the job's uid, so that two jobs on one node
/// rarely meet, and lie between Ray's default worker ports and Linux's ephemeral ones: a block of 512 each.
/// </summary>
/// <param name="First">First port of the job's block.</param>
public sealed record HostPorts(int First)
{
    private const int BlockSize = 512;
    private const int Lowest = 20000;

    /// <summary>Blocks end at 29,727: from 30,000 on Kubernetes hands out node ports.</summary>
    private const int Blocks = 19;

    /// <summary>Ray's head; the launchers' handshake is on the next one.</summary>
    public int Ray => First;

    /// <summary>Ray's dashboard.</summary>
    public int Dashboard => First + 2;

    /// <summary>Ray's node manager.</summary>
    public int NodeManager => First + 3;

    /// <summary>Ray's object manager.</summary>
    public int ObjectManager => First + 4;

    /// <summary>Ray's runtime environment agent.</summary>
    public int RuntimeEnvAgent => First + 5;

    /// <summary>Ray's dashboard agent, gRPC.</summary>
    public int DashboardAgentGrpc => First + 6;

    /// <summary>Ray's dashboard agent, HTTP.</summary>
    public int DashboardAgentHttp => First + 7;

    /// <summary>Ray's metrics exporter.</summary>
    public int MetricsExport => First + 8;

    /// <summary>Ray's client server.</summary>
    public int RayClient => First + 9;

    /// <summary><c>HCCL_IF_BASE_PORT</c>: HCCL takes one port per NPU from here on.</summary>
    public int HcclBase => First + 16;

    /// <summary><c>HCCL_HOST_SOCKET_PORT_RANGE</c>.</summary>
    public string HcclHostSockets => $"{First + 48}-{First + 111}";

    /// <summary><c>HCCL_NPU_SOCKET_PORT_RANGE</c>.</summary>
    public string HcclNpuSockets => $"{First + 112}-{First + 175}";

    /// <summary>Ray's worker processes, first port.</summary>
    public int FirstWorker => First + 176;

    /// <summary>Ray's worker processes, last port.</summary>
    public int LastWorker => First + BlockSize - 1;

    /// <summary>The ports of the job with this uid.</summary>
    public static HostPorts Of(string jobUid) => new(Lowest + (int)(Hash(jobUid) % Blocks * BlockSize));

    // FNV-1a: the same on every machine and in every version, unlike string.GetHashCode.
    private static uint Hash(string text) =>
        text.Aggregate(2166136261u, (hash, character) => unchecked((hash ^ character) * 16777619u));
}
