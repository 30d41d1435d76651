using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training.Children;

/// <summary>
/// Where the job's Ray listens. On the host's network every port is taken from the job's own block, since Ray's defaults
/// would meet those of the next job on the node.
/// </summary>
/// <param name="Port">Ray's head; the launchers' handshake is on the next port.</param>
/// <param name="DashboardPort">Ray's dashboard.</param>
/// <param name="StartArguments">Further arguments of <c>ray start</c> on every node.</param>
internal sealed record RayEndpoint(int Port, int DashboardPort, IReadOnlyList<string> StartArguments)
{
    public static RayEndpoint Of(ChildContext context)
    {
        var ray = context.Spec.Ray;
        if (!context.Spec.Workers.HostNetwork) return new(ray.Port, ray.DashboardPort, []);
        var ports = HostPorts.Of(context.JobUid);
        return new(ports.Ray, ports.Dashboard,
        [
            $"--node-manager-port={ports.NodeManager}",
            $"--object-manager-port={ports.ObjectManager}",
            $"--runtime-env-agent-port={ports.RuntimeEnvAgent}",
            $"--dashboard-agent-grpc-port={ports.DashboardAgentGrpc}",
            $"--dashboard-agent-listen-port={ports.DashboardAgentHttp}",
            $"--metrics-export-port={ports.MetricsExport}",
            $"--ray-client-server-port={ports.RayClient}",
            $"--min-worker-port={ports.FirstWorker}",
            $"--max-worker-port={ports.LastWorker}",
        ]);
    }
}
