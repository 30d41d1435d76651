using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training.Tests.Ascend;

public sealed class DriverMountsTests
{
    [Fact]
    public void The_driver_comes_from_where_its_installer_puts_it() =>
        Assert.Equal(
            ["/usr/local/Ascend/driver", "/usr/local/dcmi", "/usr/local/bin/npu-smi", "/etc/ascend_install.info"],
            DriverMounts.All.Select(mount => mount.Path));

    [Fact]
    public void Volumes_have_the_operators_names() =>
        Assert.All(DriverMounts.All, mount => Assert.StartsWith("grpo-", mount.Volume, StringComparison.Ordinal));
}
