using GrpoOperator.Training.Ascend;
using GrpoOperator.Training.Tests.Verl;

namespace GrpoOperator.Training.Tests.Ascend;

public sealed class HcclEnvironmentTests
{
    private const string Uid = "6f1f2a3c-0d4e-4b5a-9c7d-112233445566";

    [Fact]
    public void On_the_pod_network_there_are_five() =>
        Assert.Equal(
            ["CUDA_DEVICE_MAX_CONNECTIONS=1", "HCCL_CONNECT_TIMEOUT=1800", "HCCL_EXEC_TIMEOUT=1800", "HYDRA_FULL_ERROR=1", "RAY_DEDUP_LOGS=0"],
            Variables("{}"));

    [Fact]
    public void A_named_interface_is_every_librarys() =>
        Assert.Equal(
            ["HCCL_SOCKET_IFNAME=net1", "GLOO_SOCKET_IFNAME=net1", "TP_SOCKET_IFNAME=net1"],
            Variables("workers: {networkInterface: net1}").Skip(5));

    [Fact]
    public void On_the_hosts_network_address_and_ports_are_set()
    {
        var variables = Variables("workers: {hostNetwork: true}").Skip(5).ToList();
        var ports = HostPorts.Of(Uid);
        Assert.Equal(
            [
                "HCCL_IF_IP<status.hostIP",
                $"HCCL_IF_BASE_PORT={ports.HcclBase}",
                $"HCCL_HOST_SOCKET_PORT_RANGE={ports.HcclHostSockets}",
                $"HCCL_NPU_SOCKET_PORT_RANGE={ports.HcclNpuSockets}",
            ],
            variables);
    }

    [Theory]
    [InlineData("workers: {accelerator: atlas-900-a3-superpod}", true)]
    [InlineData("workers: {nodes: 2, accelerator: atlas-900-a3-superpod, template: {metadata: {annotations: {sp-block: '16'}}}}", false)]
    [InlineData("workers: {accelerator: atlas-800t-a3}", false)]
    public void A_job_in_one_super_pod_says_so(string patch, bool said) =>
        Assert.Equal(said, Variables(patch).Contains("HCCL_LOGIC_SUPERPOD_ID=0"));

    [Fact]
    public void What_the_spec_sets_is_left_to_it() =>
        Assert.Equal(
            ["HCCL_CONNECT_TIMEOUT=1800", "HYDRA_FULL_ERROR=1", "RAY_DEDUP_LOGS=0"],
            Variables("env: [{name: HCCL_EXEC_TIMEOUT, value: '3600'}, {name: CUDA_DEVICE_MAX_CONNECTIONS}]"));

    private static IEnumerable<string> Variables(string patch)
    {
        var spec = Samples.Spec("minimal", patch);
        return HcclEnvironment.For(spec, JobShape.Of(spec), Uid)
            .Select(variable => variable.FieldPath is null ? $"{variable.Name}={variable.Value}" : $"{variable.Name}<{variable.FieldPath}");
    }
}
